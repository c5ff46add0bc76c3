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

// -- what stands in a form --------------------------------------------------------------------------------------

function fieldsOf(form) {
  return [...form.querySelectorAll("textarea, input:not([type=hidden]), select")];
}

function isTicked(field) {
  return field.type === "radio" || field.type === "checkbox";
}

function valuesOf(form) {
  const fields = fieldsOf(form).filter((field) => !isTicked(field) || field.checked);
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

function fill(form, values) {
  for (const field of fieldsOf(form)) {
    if (isTicked(field)) field.checked = values[field.name] === field.value;
    else field.value = values[field.name] ?? "";
  }
}

// A field that is empty or not ticked counts as one that is not there.
function same(one, other) {
  return Object.keys({ ...one, ...other }).every((name) => (one[name] ?? "") === (other[name] ?? ""));
}

// -- what this device keeps -------------------------------------------------------------------------------------

const device = {
  // The text, its values, and the counter that they build on.
  copy(key) {
    try {
      const { text, counter = 0 } = JSON.parse(localStorage.getItem(key));
      return { text, counter: String(counter), values: JSON.parse(text) };
    } catch {
      return null; // there is none, or no storage
    }
  },

  keep(key, text, counter) {
    try {
      localStorage.setItem(key, JSON.stringify({ text, counter, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  },

  forget(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // no storage on this device: then there is nothing to forget
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
    form.addEventListener("input", () => this.changed());
    form.addEventListener("focusout", () => this.toServer());
    form.addEventListener("submit", () => this.beforeSending());
    document.addEventListener("visibilitychange", () => document.hidden && this.leaving());
    window.addEventListener("pagehide", () => this.leaving());
    window.addEventListener("online", () => this.toServer());
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
    if (copy.counter !== this.counter) this.own = []; // it builds on something else than what stands there now
    this.buildOn(copy.counter);
    this.toServer();
  }

  // True if the words are on this device, or on the server already.
  toDevice(words = this.form.dataset.sayPhone) {
    clearTimeout(this.deviceTimer);
    this.deviceTimer = 0;
    const text = this.text();
    if (text === this.confirmed) {
      device.forget(this.key);
      return true;
    }
    const kept = device.keep(this.key, text, this.counter);
    if (kept) this.say("phone", words);
    else this.say("not-yet", this.form.dataset.sayNotYet);
    return kept;
  }

  // -- on the server ----------------------------------------------------------------------------------------

  changed() {
    if (!this.deviceTimer) this.say("not-yet", this.form.dataset.sayNotYet);
    clearTimeout(this.deviceTimer);
    this.deviceTimer = setTimeout(() => this.toDevice() || this.toServer(), DEVICE_AFTER);
    this.soon(SERVER_AFTER);
  }

  soon(wait) {
    this.serverTimer ||= setTimeout(() => this.toServer(), wait);
  }

  async toServer(leaving = false) {
    clearTimeout(this.serverTimer);
    this.serverTimer = 0;
    const text = this.text();
    if (text === this.confirmed) return;
    this.toDevice();
    if (this.stopped || this.underway.includes(text)) return;
    if (this.underway.length && !leaving) {
      this.soon(1000);
      return;
    }
    this.underway.push(text);
    this.own.push(text);
    await this.send(text, leaving);
    this.underway = this.underway.filter((one) => one !== text);
  }

  async send(text, keepalive) {
    let answer, told;
    try {
      answer = await fetch(this.form.dataset.draftUrl, {
        method: "POST",
        body: new URLSearchParams({ ...JSON.parse(text), counter: this.counter }),
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
    else if (answer?.status === 401) this.toDevice(saySignedOut);
    else if (answer?.status === 422 || answer?.status === 413) this.toDevice(sayLonger);
    else {
      this.toDevice();
      this.soon(RETRY_AFTER);
    }
  }

  confirm(text, told) {
    if (Number(told.counter) < Number(this.counter)) return; // a late answer: a newer one is known
    this.buildOn(told.counter);
    this.confirmed = text;
    this.own = [text];
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

  beforeSending() {
    // The words stay on the device until a page shows that the server has them.
    this.toDevice();
    this.submitting = true;
    clearTimeout(this.serverTimer);
    this.serverTimer = 0;
    setTimeout(() => (this.submitting = false), 5000);
  }
}

for (const form of document.querySelectorAll("form[data-editor]")) new Editor(form);

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
