// Answering without typing: speaking into the text, recording, photos of pages. What was recorded or chosen is kept on
// this device, second by second while recording, until the server has confirmed it; after a lost connection or a closed
// tab it is sent when the page is open again. The same bytes twice are one file for the server, so that trying again is safe.
//
// Markup: <section data-files data-add-url data-key data-writer data-most data-say-*> inside the form; in it [data-list]
// (drawn by the server), [data-waiting], [data-said], and where the course wants them [data-recorder], [data-dictation].

const RETRY_AFTER = 15000;
const DATABASE = "answers";
// Answers after which another try can go well; after other ones of the server's side a few are made, and then no more.
const MAY_CHANGE = [401, 408, 409, 425, 429, 502, 503, 504];
const TRIES = 3;

// -- what this device keeps -------------------------------------------------------------------------------------

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let opened;

function shelf() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("things", { keyPath: "id" });
      request.result.createObjectStore("parts", { keyPath: ["id", "number"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within(act) {
  const transaction = (await shelf()).transaction(["things", "parts"], "readwrite");
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
  const result = await act(transaction.objectStore("things"), transaction.objectStore("parts"));
  await done;
  return result;
}

const partsOf = (id) => IDBKeyRange.bound([id, 0], [id, Infinity]);

// A tab holds what it is recording: another one leaves it alone until it is whole, or the tab is gone.
const LOCK = "recording:";

async function underway() {
  const { held } = (await navigator.locks?.query()) ?? { held: [] };
  return new Set(held.map(({ name }) => name));
}

function hold(id, until) {
  return new Promise((held) => {
    if (!navigator.locks) held();
    navigator.locks?.request(LOCK + id, () => (held(), until));
  });
}

const device = {
  begin: (thing) => within((things) => things.put(thing) && undefined),
  part: (id, number, blob) => within((_, parts) => parts.put({ id, number, blob }) && undefined),
  forget: (id) => within((things, parts) => things.delete(id) && parts.delete(partsOf(id)) && undefined),
  waiting: (key) =>
    within(async (things, parts) => {
      const found = [];
      for (const thing of await asked(things.getAll())) {
        if (thing.key !== key) continue;
        const pieces = await asked(parts.getAll(partsOf(thing.id)));
        if (pieces.length) found.push({ ...thing, blob: new Blob(pieces.map((piece) => piece.blob), { type: thing.type }) });
      }
      return found.sort((one, other) => one.at - other.at);
    }),
};

// -- what waits to be sent --------------------------------------------------------------------------------------

class Ways {
  constructor(section) {
    this.section = section;
    this.say_ = section.dataset;
    this.form = section.closest("form");
    this.list = section.querySelector("[data-list]");
    this.line = section.querySelector("[data-said]");
    this.things = new Map();
    for (const plain of section.querySelectorAll("[data-plain]:not(:has([type=file]))")) plain.hidden = true;
    section.addEventListener("change", (event) => event.target.type === "file" && this.chosen(event.target));
    section.addEventListener("click", (event) => this.pressed(event));
    this.form.addEventListener("submit", (event) => this.beforeSending(event));
    addEventListener("online", () => this.send());
    this.bringBack();
  }

  say(state, words) {
    this.line.hidden = !words;
    this.line.dataset.state = state;
    this.line.textContent = words ?? "";
  }

  async bringBack() {
    try {
      const recording = await underway(); // asked first: what ends now is whole
      for (const thing of await device.waiting(this.say_.key)) {
        if (!this.things.has(thing.id) && !recording.has(LOCK + thing.id)) this.take(thing, true);
      }
    } catch {
      return; // nothing can be kept on this device
    }
    this.send();
  }

  async chosen(input) {
    for (const file of [...input.files]) await this.keep({ kind: input.name.replace("sent-", ""), type: file.type, name: file.name }, file);
    input.value = "";
    this.send();
  }

  newThing(facts) {
    const id = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    return { id, key: this.say_.key, at: Date.now(), ...facts };
  }

  async keep(facts, blob) {
    const thing = this.newThing(facts);
    let kept = true;
    try {
      await device.begin(thing);
      await device.part(thing.id, 0, blob);
    } catch {
      kept = false;
    }
    this.take({ ...thing, blob }, kept);
  }

  // Show what is not on the server yet, with what can be done about it.
  take(thing, kept) {
    const line = document.createElement("li");
    const name = document.createElement("p");
    name.textContent = thing.kind === "audio" ? this.say_.sayPlay : thing.name;
    line.append(name);
    if (thing.kind === "audio") {
      const player = Object.assign(document.createElement("audio"), { controls: true, src: URL.createObjectURL(thing.blob) });
      player.setAttribute("aria-label", this.say_.sayPlay);
      line.append(player);
    }
    line.className = "files__what";
    const state = Object.assign(document.createElement("p"), { className: "saved" });
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "button button--link" });
    remove.textContent = this.say_.sayDelete;
    remove.addEventListener("click", () => this.drop(thing.id));
    line.append(state, remove);
    this.section.querySelector("[data-waiting]").append(line);
    this.things.set(thing.id, { ...thing, kept, line, state, remove });
    this.mark(thing.id, kept ? "phone" : "not-yet", kept ? this.say_.sayKept : this.say_.sayOpen);
  }

  mark(id, state, words) {
    const thing = this.things.get(id);
    if (!thing) return;
    thing.state.dataset.state = state;
    thing.state.textContent = words;
    thing.remove.disabled = words === this.say_.saySending; // what is half on its way is deleted once it is there
  }

  async drop(id) {
    const thing = this.things.get(id);
    this.things.delete(id);
    thing?.line.remove();
    await device.forget(id).catch(() => {});
  }

  // -- sending ----------------------------------------------------------------------------------------------------

  // One after the other, so that pages stay in order.
  send() {
    this.sending ??= this.sendAll().finally(() => (this.sending = undefined));
    return this.sending;
  }

  async sendAll() {
    clearTimeout(this.timer);
    for (const id of [...this.things.keys()]) {
      const thing = this.things.get(id);
      if (!thing || thing.refused) continue;
      if (!(await this.sendOne(thing))) {
        this.timer = setTimeout(() => this.send(), RETRY_AFTER);
        return;
      }
    }
  }

  async sendOne(thing) {
    this.mark(thing.id, thing.kept ? "phone" : "not-yet", this.say_.saySending);
    const body = new FormData();
    body.append(`sent-${thing.kind}`, thing.blob, thing.name);
    const { answer, told } = await this.ask(this.say_.addUrl, body);
    if (answer?.ok && "html" in told) {
      if (told.problem) {
        thing.refused = true;
        this.mark(thing.id, "not-yet", told.problem);
        return true;
      }
      await this.drop(thing.id);
      this.list.innerHTML = told.html;
      this.say("here", this.say_.sayHere);
      return true;
    }
    const { sayKept, sayOpen, saySignedOut, sayRefused } = this.say_;
    if (answer && !MAY_CHANGE.includes(answer.status)) {
      thing.troubles = (thing.troubles ?? 0) + 1;
      if (answer.status < 500 || thing.troubles >= TRIES) {
        thing.refused = true;
        this.mark(thing.id, "not-yet", `${(answer.status < 500 && told.error) || ""} ${sayRefused}`.trim());
        return true;
      }
    }
    const signedOut = answer?.status === 401;
    this.mark(thing.id, thing.kept ? "phone" : "not-yet", signedOut ? saySignedOut : thing.kept ? sayKept : sayOpen);
    return false;
  }

  async ask(address, body) {
    let answer, told;
    try {
      const headers = { Accept: "application/json", "X-Writer": this.say_.writer };
      answer = await fetch(address, { method: "POST", body, headers });
      told = await answer.json();
    } catch {
      told = {};
    }
    return { answer, told };
  }

  // Earlier, Later, Delete in the list that the server drew.
  async pressed(event) {
    const button = event.target.closest("[data-list] button[formaction]");
    if (!button) return;
    event.preventDefault();
    const { answer, told } = await this.ask(button.formAction, new FormData());
    if (!answer?.ok || !("html" in told)) {
      this.say("not-yet", told.error ?? this.say_.sayElsewhere);
      return;
    }
    const words = button.textContent;
    this.list.innerHTML = told.html;
    this.say("", "");
    const again = [...this.list.querySelectorAll("button")];
    (again.find((one) => one.textContent === words) ?? again[0] ?? this.section.querySelector("h2")).focus?.();
  }

  // What is on this device only would stay behind: it goes first.
  async beforeSending(event) {
    const waits = () => [...this.things.values()].some((thing) => !thing.refused);
    if (event.submitter?.hasAttribute("formaction") || (!waits() && !this.recorder?.on)) return;
    event.preventDefault();
    await this.recorder?.stop();
    await this.send();
    if (waits()) this.say("phone", this.say_.sayFirst);
    else this.form.requestSubmit(event.submitter);
  }
}

// -- recording --------------------------------------------------------------------------------------------------

const FORMATS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

class Recorder {
  constructor(ways, place) {
    this.ways = ways;
    this.place = place;
    place.hidden = false;
    for (const plain of ways.section.querySelectorAll("[data-plain]:has([name=sent-audio])")) plain.hidden = true;
    this.begin = place.querySelector("[data-record]");
    this.end = place.querySelector("[data-stop]");
    this.time = place.querySelector("[data-time]");
    this.begin.addEventListener("click", () => this.start());
    this.end.addEventListener("click", () => this.stop());
    this.seconds = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "second", unitDisplay: "long" });
    this.minutes = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "minute", unitDisplay: "long" });
  }

  async start() {
    const { say_ } = this.ways;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.ways.say("not-yet", say_.sayNoMicrophone);
      return;
    }
    const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
    const recorder = new MediaRecorder(this.stream, { mimeType, audioBitsPerSecond: 32000 });
    const type = recorder.mimeType.split(";")[0];
    const thing = this.ways.newThing({ kind: "audio", type, name: `recording.${type.split("/")[1]}` });
    let whole;
    await hold(thing.id, new Promise((resolve) => (whole = resolve)));
    const blobs = [];
    let kept = device.begin(thing).then(() => true, () => false);
    recorder.ondataavailable = ({ data }) => {
      if (!data.size) return;
      const number = blobs.push(data) - 1;
      kept = kept.then((good) => good && device.part(thing.id, number, data).then(() => true, () => false));
    };
    this.done = new Promise((resolve) => {
      recorder.onstop = async () => {
        for (const track of this.stream.getTracks()) track.stop();
        const good = await kept;
        if (blobs.length) this.ways.take({ ...thing, blob: new Blob(blobs, { type }) }, good);
        whole();
        resolve();
      };
    });
    this.recorder = recorder;
    this.on = true;
    recorder.start(1000);
    this.show(true);
    this.ways.say("phone", say_.sayRecording);
    const began = performance.now();
    this.clock = setInterval(() => this.tick(Math.floor((performance.now() - began) / 1000)), 500);
    this.tick(0);
    this.end.focus();
  }

  show(on) {
    this.begin.hidden = on;
    this.end.hidden = !on;
    if (!on) this.time.textContent = "";
  }

  tick(seconds) {
    const most = Number(this.ways.say_.most);
    const full = Math.floor(seconds / 60);
    this.time.textContent = `${full ? `${this.minutes.format(full)} ` : ""}${this.seconds.format(seconds % 60)}`;
    if (seconds >= most - 15 && !this.warned) this.ways.say("phone", this.ways.say_.sayAlmost);
    this.warned = seconds >= most - 15;
    if (seconds >= most) this.stop();
  }

  async stop() {
    if (!this.on) return;
    this.on = false;
    clearInterval(this.clock);
    this.show(false);
    this.begin.textContent = this.ways.say_.sayAgain;
    this.begin.focus();
    this.ways.say("", "");
    this.recorder.stop();
    await this.done;
    await this.ways.send();
  }
}

// -- dictation --------------------------------------------------------------------------------------------------

const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

class Dictation {
  constructor(ways, place) {
    this.ways = ways;
    this.button = place.querySelector("[data-say-it]");
    place.hidden = false;
    ways.form.addEventListener("focusin", (event) => event.target.matches("textarea") && (this.target = event.target));
    this.button.addEventListener("click", () => (this.ears ? this.ears.stop() : this.listen()));
  }

  listen() {
    const target = this.target ?? this.ways.form.querySelector("textarea");
    if (!target) return;
    const ears = new Recognition();
    ears.lang = document.documentElement.lang === "fr" ? "fr-CA" : "en-CA";
    ears.continuous = true;
    ears.onresult = (event) => {
      for (const result of [...event.results].slice(event.resultIndex)) {
        if (!result.isFinal) continue;
        const space = !target.value || /\s$/.test(target.value) ? "" : " ";
        target.value += space + result[0].transcript.trim();
        target.dispatchEvent(new Event("input", { bubbles: true }));
      }
    };
    ears.onerror = ({ error }) => (this.trouble = error === "not-allowed" ? this.ways.say_.sayNoMicrophone : "");
    ears.onend = () => {
      this.ears = undefined;
      this.button.setAttribute("aria-pressed", "false");
      this.ways.say("not-yet", this.trouble);
    };
    this.trouble = "";
    ears.start();
    this.ears = ears;
    this.button.setAttribute("aria-pressed", "true");
    this.ways.say("phone", this.ways.say_.sayListening);
  }
}

for (const section of document.querySelectorAll("[data-files]")) {
  const ways = new Ways(section);
  const recording = section.querySelector("[data-recorder]");
  if (recording && globalThis.MediaRecorder && navigator.mediaDevices) ways.recorder = new Recorder(ways, recording);
  const speaking = section.querySelector("[data-dictation]");
  if (speaking && Recognition) new Dictation(ways, speaking);
}
