// The reading room. The reply is kept as a draft while it is typed, here and on the server; keys stand for buttons; the
// next text is fetched while this one is answered, and takes its place as soon as the server said yes to the answer.
// Without this script every button works, and "Keep as my draft" keeps.

const AFTER = 3000; // milliseconds of typing until a draft goes to the server
const PATIENCE = 20000;

let room = null;

addEventListener("popstate", () => bringUp(location.href));
addEventListener("pagehide", () => room?.save(true));
addEventListener("pageshow", () => room && (room.sent = false));

function begin() {
  const form = document.querySelector("[data-room] #reply");
  countDown();
  room = form ? new Room(form) : null;
  // Keys and starters are scripts of their own: each hears which text is on the desk now.
  const next = () => (room ? room.skip() : press("[data-skip] button"));
  document.dispatchEvent(new CustomEvent("desk", { detail: { room, next, previous } }));
}

function press(selector) {
  document.querySelector(selector)?.click();
}

function previous() {
  if (history.state?.turned) history.back();
  else press("[data-back]");
}

// What was sent reaches its reader after these seconds; then the offer to undo is over.
function countDown() {
  for (const undo of document.querySelectorAll("[data-undo]")) {
    setTimeout(() => (undo.hidden = true), undo.dataset.undo * 1000);
  }
}

// -- from text to text ------------------------------------------------------------------------------------------

// Another page takes the place of this one. What every page shares stays.
function turnTo(page, { push = true, notice = "", waiting = "" } = {}) {
  const held = room?.form.elements.hold?.checked;
  const main = document.adoptNode(page.main);
  // The offer to undo is the one that stands now, not the one from when this page was fetched.
  for (const old of main.querySelectorAll("[data-undo]")) old.remove();
  const undo = document.querySelector("[data-undo]:not([hidden])");
  if (undo && !notice) main.prepend(undo);
  if (notice) main.prepend(document.adoptNode(parsed(notice).querySelector("[data-after]")));
  if (waiting && main.querySelector("[data-waiting]")) main.querySelector("[data-waiting]").textContent = waiting;
  room?.close();
  for (const old of document.querySelectorAll(".flash")) old.remove();
  document.querySelector("#main").replaceWith(main);
  document.title = page.title;
  if (push) history.pushState({ turned: true }, "", page.url);
  begin();
  if (room && held !== undefined && room.form.elements.hold) room.form.elements.hold.checked = held;
  scrollTo(0, 0);
  main.querySelector("h1")?.focus({ preventScroll: true });
}

// Two writings of one field: the one that has the other in it, else both.
function joined(one, other) {
  if (one.includes(other)) return one;
  return other.includes(one) ? other : `${one}\n\n${other}`;
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// A page of this host, ready to be shown; null where something else came.
async function fetched(url, options = {}) {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE), ...options });
  if (!answer.ok) return null;
  const whole = parsed(await answer.text());
  const main = whole.querySelector("#main");
  return main && { main, title: whole.title, url: answer.url, id: main.querySelector("[data-room]")?.dataset.room };
}

async function bringUp(url) {
  await room?.saveInTurn(true);
  const page = await fetched(url).catch(() => null);
  if (page) turnTo(page, { push: false });
  else location.reload();
}

// -- one text with its reply ------------------------------------------------------------------------------------

class Room {
  constructor(form) {
    this.form = form;
    this.data = form.closest("[data-room]").dataset;
    this.decisions = [...document.querySelectorAll("#decision [name=decision]")];
    this.key = `review:${this.data.reader}:${this.data.room}`;
    this.line = form.querySelector(".saved");
    this.turn = Promise.resolve(); // drafts go one after the other, so that an older never lands on a newer one
    this.listening = new AbortController();
    this.next = null;
    this.kept = this.written();
    this.bringBack();
    const on = (what, does) => form.addEventListener(what, does, { signal: this.listening.signal });
    on("input", () => this.changed());
    on("change", () => this.changed());
    on("focusout", () => this.saveInTurn());
    on("submit", (event) => this.submitted(event));
  }

  close() {
    clearTimeout(this.timer);
    this.sent = true;
    this.listening.abort();
  }

  // -- what is written ------------------------------------------------------------------------------------------

  written() {
    return new URLSearchParams(new FormData(this.form)).toString();
  }

  fill(text, join = false) {
    const values = new URLSearchParams(text);
    for (const field of this.form.elements) {
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = values.getAll(field.name).includes(field.value) || (join && field.checked);
      } else if (field.type === "textarea" && values.has(field.name)) {
        field.value = join ? joined(field.value.trim(), values.get(field.name)) : values.get(field.name);
      }
    }
    const chosen = this.decisions.find((button) => button.value === values.get("chosen"));
    if (chosen) this.choose(chosen);
  }

  // Words that this device kept and the server never confirmed.
  bringBack() {
    let copy = null;
    try {
      copy = JSON.parse(localStorage.getItem(this.key));
    } catch {
      return; // no storage
    }
    if (!copy) return;
    if (copy.text === this.kept) return this.keepHere(); // it arrived, though this device never heard of it
    this.fill(copy.text, copy.base !== this.kept);
    this.changed();
  }

  changed() {
    this.keepHere();
    this.timer ||= setTimeout(() => this.saveInTurn(), AFTER);
    this.preload();
  }

  keepHere() {
    try {
      const text = this.written();
      if (text === this.kept) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify({ text, base: this.kept }));
    } catch {
      // no storage on this device: then the server alone keeps it
    }
  }

  saveInTurn(keepalive = false) {
    this.turn = this.turn.then(() => this.save(keepalive));
    return this.turn;
  }

  async save(keepalive = false) {
    clearTimeout(this.timer);
    this.timer = 0;
    const body = this.written();
    if (this.sent || body === this.kept) return;
    try {
      const headers = { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" };
      const signal = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(this.form.dataset.draft, { method: "POST", body, headers, keepalive, signal });
      if (!answer.ok) throw new Error((await answer.json()).error);
      this.kept = body;
      if (!this.sent) this.keepHere();
      this.say("here", this.line.dataset.saved.replace("{t}", (await answer.json()).at));
    } catch {
      this.say("not-yet", this.line.dataset.notYet);
      if (!this.sent) this.timer ||= setTimeout(() => this.saveInTurn(), 5000);
    }
  }

  say(state, words) {
    this.line.dataset.state = state;
    this.line.textContent = words;
  }

  // -- what is decided ------------------------------------------------------------------------------------------

  get chosen() {
    return this.decisions.find((button) => !button.classList.contains("button--quiet"));
  }

  // The chosen decision is the solid button, and what Ctrl+Enter sends.
  choose(decision) {
    for (const button of this.decisions) button.classList.toggle("button--quiet", button !== decision);
    this.form.elements.chosen.value = decision.value;
  }

  submitted(event) {
    const decision = event.submitter;
    if (decision?.name !== "decision") {
      this.sent = true; // "Keep as my draft and go back" goes its own way
      return;
    }
    if (this.sure) return;
    event.preventDefault();
    this.choose(decision);
    if (this.data.next) this.send(decision.value);
    else this.sendThePage(decision);
  }

  // Where no other text follows at once, the page goes as it is, after the server has what is typed.
  async sendThePage(decision) {
    if (this.sending) return;
    this.sending = true;
    await this.saveInTurn();
    this.sending = false;
    if (this.written() !== this.kept) return this.refuse({ decision: this.data.noNetwork });
    this.sure = this.sent = true;
    this.form.requestSubmit(decision);
  }

  async send(decision) {
    if (this.sending) return;
    this.sending = true;
    performance.mark("sending");
    const next = await this.next;
    await this.turn; // a draft on its way comes first
    const body = new URLSearchParams(this.written());
    body.set("decision", decision);
    if (next?.id) body.set("preloaded", next.id);
    let answer, told;
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" }, signal });
      told = await answer.json();
    } catch {
      told = null;
    }
    this.sending = false;
    delete this.form.dataset.sending;
    if (answer?.status === 401) this.refuse({ decision: this.data.signedOut });
    else if (!answer?.ok || !told) this.refuse(told?.errors ?? { decision: told?.error ?? this.data.noNetwork }, told);
    else await this.goOn(told, next);
  }

  async goOn(told, next) {
    this.sent = true;
    this.kept = this.written();
    this.keepHere();
    const page = told.location === null ? next : await fetched(told.location).catch(() => null);
    if (!page) {
      location.assign(told.location ?? this.data.next);
      return;
    }
    turnTo(page, told);
    performance.measure("next text on screen", "sending");
  }

  // The page stays, the words stay, and a sentence says why.
  refuse(errors, told) {
    if (told?.as_it_is) this.form.elements.as_it_is.value = "yes";
    for (const old of this.form.querySelectorAll("[data-why]")) old.remove();
    const line = document.querySelector("[data-refused]");
    line.textContent = Object.values(errors).join(" ");
    line.hidden = false;
    const places = Object.entries(errors).map(([name, sentence]) => {
      const place = this.form.querySelector(`#${CSS.escape(name)}`);
      const why = Object.assign(document.createElement("span"), { className: "field__error", textContent: sentence });
      why.dataset.why = "";
      place?.before(why);
      return place;
    });
    const first = places.find(Boolean);
    (first?.matches("textarea") ? first : first?.querySelector("input") ?? this.chosen).focus();
    this.saveInTurn();
  }

  // -- the next one ---------------------------------------------------------------------------------------------

  // As soon as somebody begins to answer. The server notes that the next text was opened, for then it is here.
  preload() {
    if (!this.data.next) return null;
    this.next ??= this.askForNext().catch(() => null);
    return this.next;
  }

  async askForNext() {
    const page = await fetched(this.data.next, { method: "POST", body: new URLSearchParams({ after: this.data.room }) });
    return page?.id && page.id !== this.data.room ? page : null;
  }

  async skip() {
    await this.saveInTurn(true);
    const page = await this.preload();
    if (page) turnTo(page);
    else press("[data-skip] button");
  }
}

begin();
