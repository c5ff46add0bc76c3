// Nothing that is written is lost: after two seconds of quiet the words are kept on this device, after ten, or on
// leaving the field, on the server. The device's copy goes only when the server has confirmed the same text.
//
// The server counts the savings of a draft. What is saved names the count that it builds on, and so does the device's
// copy: words that build on an older one replace nothing, both are shown (409, "Show both").
//
// Markup: <form data-editor data-draft-url data-key data-counter data-unsaved data-say-*> with textareas and inputs, a
// hidden input "counter", and one element [data-saved] that tells the truth about where the words are.

const DEVICE_AFTER = 2000;
const SERVER_AFTER = 10000;
const RETRY_AFTER = 15000;
const PLENTY = 250; // words
const LONGEST = 100000; // signs in one field, as on the server

// -- what stands in a form --------------------------------------------------------------------------------------

function fieldsOf(form) {
  const fields = [...form.querySelectorAll("textarea, input:not([type=hidden], [type=file]), select")];
  return fields.filter((field) => !field.closest("[data-aside]"));
}

// What goes along with the words and is no part of them: whose they are, and who shall read them.
function asideOf(form) {
  const chosen = [...form.querySelectorAll("[data-aside] :checked, input[name=who]")];
  return Object.fromEntries(chosen.map((field) => [field.name, field.value]));
}

function isTicked(field) {
  return field.type === "radio" || field.type === "checkbox";
}

// What is ticked of several boxes with one name stands a line each.
function valuesOf(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    if (isTicked(field) && !field.checked) continue;
    values[field.name] = field.type === "checkbox" && field.name in values ? `${values[field.name]}\n${field.value}` : field.value;
  }
  return values;
}

function fill(form, values) {
  for (const field of fieldsOf(form)) {
    if (isTicked(field)) field.checked = (values[field.name] ?? "").split("\n").includes(field.value);
    else field.value = values[field.name] ?? "";
  }
}

// A field that is empty or not ticked counts as one that is not there.
function same(one, other) {
  return Object.keys({ ...one, ...other }).every((name) => (one[name] ?? "") === (other[name] ?? ""));
}

// -- what this device keeps -------------------------------------------------------------------------------------

const device = {
  // The text, its values, the counter that they build on, and the texts that went to the server without an answer.
  copy(key) {
    try {
      const { text, counter = 0, own = [] } = JSON.parse(localStorage.getItem(key));
      return { text, counter: String(counter), own, values: JSON.parse(text) };
    } catch {
      return null; // there is none, or no storage
    }
  },

  keep(key, text, counter, own = []) {
    try {
      localStorage.setItem(key, JSON.stringify({ text, counter, own: own.slice(-3), at: Date.now() }));
      return true;
    } catch {
      return own.length ? device.keep(key, text, counter) : false;
    }
  },

  forget(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // no storage on this device: then there is nothing to forget
    }
  },

  // The count that the server last confirmed here, without any words.
  note(key, counter) {
    try {
      localStorage.setItem(`counted:${key}`, counter);
    } catch {
      // then a page that was drawn too early is not noticed by itself
    }
  },

  // True, once, for a page that was drawn before words arrived which this device knows to be on the server.
  isAhead(key, counter) {
    try {
      const counted = Number(localStorage.getItem(`counted:${key}`));
      localStorage.removeItem(`counted:${key}`);
      return counted > Number(counter);
    } catch {
      return false;
    }
  },
};

class Editor {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
    this.key = `draft:${form.dataset.key}`;
    this.buildOn(form.dataset.counter);
    this.deviceTimer = this.serverTimer = 0;
    this.underway = [];
    const unsaved = "unsaved" in form.dataset; // a form that came back with what was typed
    this.confirmed = unsaved ? null : this.text();
    this.own = unsaved ? [] : [this.confirmed]; // texts on the server that this page knows
    if (!unsaved) this.bringBack();
    else if (!same(valuesOf(form), {})) this.toServer();
    form.addEventListener("input", (event) => this.changed(event.target));
    form.addEventListener("focusout", () => this.toServer());
    form.addEventListener("submit", (event) => this.beforeSending(event));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leaving() : this.toServer()));
    window.addEventListener("pagehide", () => this.leaving());
    window.addEventListener("online", () => this.toServer());
    window.addEventListener("focus", () => this.toServer());
    document.addEventListener("signed-in", () => this.toServer());
  }

  tooLong() {
    return fieldsOf(this.form).find((field) => field.value.length > LONGEST);
  }

  text() {
    return JSON.stringify(valuesOf(this.form));
  }

  buildOn(counter) {
    this.counter = String(counter);
    const hidden = this.form.querySelector("input[name=counter]");
    if (hidden) hidden.value = this.counter;
  }

  say(state, words, time = "") {
    if (!this.line || this.stopped) return;
    this.line.hidden = false;
    this.line.dataset.state = state;
    this.line.textContent = (words ?? "").replace("{time}", time);
  }

  // -- on this device ---------------------------------------------------------------------------------------

  bringBack() {
    const copy = device.copy(this.key);
    if (!copy || same(copy.values, valuesOf(this.form))) {
      device.forget(this.key);
      return;
    }
    fill(this.form, copy.values);
    if (copy.counter !== this.counter) this.own = copy.own; // it builds on something else than what stands there now
    this.buildOn(copy.counter);
    this.toServer();
  }

  // True if the words are on this device, or on the server already.
  toDevice(words = this.notSent ? this.form.dataset.sayNotSent : this.form.dataset.sayPhone) {
    clearTimeout(this.deviceTimer);
    this.deviceTimer = 0;
    const text = this.text();
    if (text === this.confirmed) {
      device.forget(this.key);
      return true;
    }
    const kept = device.keep(this.key, text, this.counter, this.own);
    if (kept) this.say("phone", words);
    else this.say("not-yet", this.form.dataset.sayNotYet);
    return kept;
  }

  // -- on the server ----------------------------------------------------------------------------------------

  changed(field) {
    this.notSent = false;
    if (field.matches("textarea")) this.encourage(field);
    if (!this.deviceTimer) this.say("not-yet", this.form.dataset.sayNotYet);
    clearTimeout(this.deviceTimer);
    this.deviceTimer = setTimeout(() => this.toDevice() || this.toServer(), DEVICE_AFTER);
    this.soon(SERVER_AFTER);
  }

  // Words, not counts: when there is plenty, the line that said "A few lines are enough" says so; near the end of what
  // the host can take, it says that.
  encourage(field) {
    const help = document.getElementById(`${field.id}-help`);
    if (!help) return;
    help.dataset.first ??= help.textContent;
    const { sayPlenty, sayNearly } = this.form.dataset;
    const plenty = field.value.split(/\s+/).length > PLENTY;
    const words = field.value.length > 0.9 * LONGEST ? sayNearly : plenty ? sayPlenty : help.dataset.first;
    if (help.textContent !== words) help.textContent = words;
  }

  soon(wait) {
    this.serverTimer ||= setTimeout(() => this.toServer(), wait);
  }

  async toServer(leaving = false) {
    clearTimeout(this.serverTimer);
    this.serverTimer = 0;
    const text = this.text();
    if (text === this.confirmed) return;
    this.toDevice(this.tooLong() ? this.form.dataset.sayLonger : undefined);
    if (this.tooLong() || this.stopped || this.underway.includes(text)) return;
    if (this.underway.length && !leaving) {
      this.soon(1000);
      return;
    }
    this.underway.push(text);
    this.own.push(text);
    this.arriving = this.send(text, leaving);
    await this.arriving;
    this.underway = this.underway.filter((one) => one !== text);
  }

  async send(text, keepalive) {
    let answer, told;
    try {
      answer = await fetch(this.form.dataset.draftUrl, {
        method: "POST",
        body: new URLSearchParams({ ...JSON.parse(text), ...asideOf(this.form), counter: this.counter }),
        headers: { Accept: "application/json" },
        keepalive,
        signal: AbortSignal.timeout?.(20000),
      });
      told = await answer.json();
    } catch {
      told = {};
    }
    const { saySignedOut, sayLonger } = this.form.dataset;
    if (answer?.ok && "counter" in told) this.confirm(text, told);
    else if (answer?.status === 409 && told.elsewhere) this.compare(told);
    else if (answer?.status === 401) {
      this.signedOut = true;
      this.toDevice(saySignedOut);
      document.dispatchEvent(new Event("signed-out"));
    }
    else if (answer?.status === 422 || answer?.status === 413) this.toDevice(sayLonger);
    else {
      this.toDevice();
      this.soon(RETRY_AFTER);
    }
  }

  confirm(text, told) {
    if (Number(told.counter) < Number(this.counter)) return; // a late answer: a newer one is known
    this.signedOut = this.notSent = false;
    document.dispatchEvent(new Event("signed-in"));
    this.buildOn(told.counter);
    this.confirmed = text;
    this.own = [text];
    device.note(this.key, told.counter);
    if (device.copy(this.key)?.text === text) device.forget(this.key);
    if (this.text() === text) this.say("here", this.form.dataset.sayHere, told.at);
    else this.soon(SERVER_AFTER);
  }

  // Other words stand on the server than those this one builds on. Where they are this page's own, saved with an answer
  // that never came (a phone put away, a line cut), nobody else wrote, and writing goes on from them. All others were
  // written in another window or on another device.
  compare(told) {
    const own = this.own.find((text) => same(JSON.parse(text), told.elsewhere));
    if (own === undefined) {
      this.showBoth(told);
      return;
    }
    this.confirm(own, told);
    clearTimeout(this.serverTimer);
    this.serverTimer = setTimeout(() => this.toServer());
  }

  showBoth(told) {
    this.toDevice();
    this.say("phone", this.form.dataset.sayElsewhere, told.at);
    this.stopped = true;
    const button = document.createElement("button");
    button.className = "button button--quiet";
    button.dataset.both = "";
    button.formAction = this.form.dataset.draftUrl;
    button.textContent = this.form.dataset.sayShowBoth;
    this.line.after(button);
  }

  // -- leaving and sending ----------------------------------------------------------------------------------

  leaving() {
    // The page often lives on (another tab, another app), and then it reads the answer as always.
    if (!this.submitting) this.toServer(true);
  }

  beforeSending(event) {
    const tooLong = this.tooLong();
    if (tooLong) {
      event.preventDefault();
      this.toDevice(this.form.dataset.sayLonger);
      tooLong.focus();
      return;
    }
    // The words stay on the device until a page shows that the server has them.
    this.toDevice();
    if (!this.stopped && !this.arrived()) {
      event.preventDefault();
      this.sendOnce(event.submitter);
      return;
    }
    this.submitting = true;
    clearTimeout(this.serverTimer);
    this.serverTimer = 0;
    setTimeout(() => (this.submitting = false), 5000);
  }

  // Nothing is on its way, and the server answers: then the page may be left.
  arrived() {
    return this.underway.length === 0 && this.text() === this.confirmed && navigator.onLine;
  }

  // The words go first, as a draft. A page that cannot reach the host stays, and says so.
  async sendOnce(button) {
    if (this.goesSoon) return;
    this.goesSoon = true;
    this.say("not-yet", this.form.dataset.sayOnItsWay);
    await this.arriving;
    if (this.text() !== this.confirmed) await this.toServer();
    this.goesSoon = false;
    if (this.arrived() || this.stopped) this.form.requestSubmit(button);
    else if (!this.signedOut) {
      this.notSent = true;
      this.toDevice();
    }
  }
}

for (const form of document.querySelectorAll("form[data-editor]")) {
  const key = `draft:${form.dataset.key}`;
  if (!("unsaved" in form.dataset) && device.isAhead(key, form.dataset.counter)) location.reload();
  else new Editor(form);
}

// A page that shows a version as sent names its key and the texts that the server holds: a copy of one of them has done
// its work. Other words that wait here are offered.
for (const sent of document.querySelectorAll("[data-sent-key]")) {
  const key = `draft:${sent.dataset.sentKey}`;
  const copy = device.copy(key);
  if (!copy) continue;
  const offer = document.querySelector("template[data-offer]");
  if ([{}, ...JSON.parse(sent.dataset.held)].some((values) => same(copy.values, values))) device.forget(key);
  else if (offer) {
    const form = offer.content.firstElementChild;
    fill(form, copy.values);
    form.elements.counter.value = copy.counter;
    offer.replaceWith(form);
  }
}

// Where somebody chooses between texts, the chosen one is the device's copy of this piece until the server has it.
for (const choice of document.querySelectorAll("form[data-settles]")) {
  choice.addEventListener("submit", () => {
    for (const key of keysOnDevice(`draft:${choice.dataset.settles}:`)) {
      device.keep(key, JSON.stringify(valuesOf(choice)), choice.elements.counter.value);
    }
  });
}

function keysOnDevice(beginning) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(beginning));
  } catch {
    return [];
  }
}
