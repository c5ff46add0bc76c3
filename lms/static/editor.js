// Nothing that is written is lost: after two seconds of quiet the words are kept on this device, after ten, or on
// leaving the field, on the server. The device's copy goes only when the server has confirmed the same text.
//
// Markup: <form data-editor data-draft-url data-key data-counter data-say-*> with textareas and inputs, a hidden input
// "counter", and one element [data-saved] that tells the truth about where the words are.

const DEVICE_AFTER = 2000;
const SERVER_AFTER = 10000;
const RETRY_AFTER = 15000;

class Editor {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
    this.storageKey = `draft:${form.dataset.key}`;
    this.buildsOn(form.dataset.counter);
    this.confirmed = this.text();
    this.deviceTimer = this.serverTimer = 0;
    this.sending = null;
    this.bringBack();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("focusout", () => this.toServer());
    form.addEventListener("submit", () => this.beforeSending());
    document.addEventListener("visibilitychange", () => document.hidden && this.leaving());
    window.addEventListener("pagehide", () => this.leaving());
    window.addEventListener("online", () => this.toServer());
  }

  fields() {
    return [...this.form.querySelectorAll("textarea, input[type=text], input[type=radio], input[type=checkbox], select")];
  }

  values() {
    const values = {};
    for (const field of this.fields()) {
      if (field.type === "radio" || field.type === "checkbox") {
        if (field.checked) values[field.name] = field.value;
      } else {
        values[field.name] = field.value;
      }
    }
    return values;
  }

  text() {
    return JSON.stringify(this.values());
  }

  fill(values) {
    for (const field of this.fields()) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = values[field.name] === field.value;
      else if (field.name in values) field.value = values[field.name];
    }
  }

  // The server counts its versions of the draft. Words that build on an older one than it has are shown beside it.
  buildsOn(counter) {
    this.counter = String(counter);
    const hidden = this.form.querySelector("input[name=counter]");
    if (hidden) hidden.value = this.counter;
  }

  say(state, words, time = "") {
    if (!this.line) return;
    this.line.hidden = false;
    this.line.dataset.state = state;
    this.line.textContent = (words ?? "").replace("{time}", time);
  }

  // -- on this device ---------------------------------------------------------------------------------------

  bringBack() {
    const kept = this.kept();
    if (!kept || kept.text === this.confirmed) {
      this.forget();
      return;
    }
    this.fill(JSON.parse(kept.text));
    this.buildsOn(kept.counter ?? this.counter);
    this.say("phone", this.form.dataset.sayPhone);
    this.toServer();
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.storageKey));
    } catch {
      return null;
    }
  }

  toDevice() {
    clearTimeout(this.deviceTimer);
    this.deviceTimer = 0;
    const text = this.text();
    if (text === this.confirmed) return;
    try {
      localStorage.setItem(this.storageKey, JSON.stringify({ text, counter: this.counter, at: Date.now() }));
      this.say("phone", this.form.dataset.sayPhone);
    } catch {
      this.say("not-yet", this.form.dataset.sayNotYet);
      this.toServer();
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.storageKey);
    } catch {
      // no storage on this device: then there is nothing to forget
    }
  }

  // -- on the server ----------------------------------------------------------------------------------------

  changed() {
    if (!this.deviceTimer) this.say("not-yet", this.form.dataset.sayNotYet);
    clearTimeout(this.deviceTimer);
    this.deviceTimer = setTimeout(() => this.toDevice(), DEVICE_AFTER);
    if (!this.serverTimer) this.serverTimer = setTimeout(() => this.toServer(), SERVER_AFTER);
  }

  async toServer() {
    clearTimeout(this.serverTimer);
    this.serverTimer = 0;
    const text = this.text();
    if (text === this.confirmed || this.stopped) return;
    if (this.sending) {
      this.serverTimer = setTimeout(() => this.toServer(), 1000);
      return;
    }
    this.toDevice();
    this.sending = this.send(text);
    await this.sending;
    this.sending = null;
  }

  async send(text) {
    const body = new URLSearchParams({ ...JSON.parse(text), counter: this.counter });
    let answer;
    try {
      answer = await fetch(this.form.dataset.draftUrl, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout?.(20000),
      });
    } catch {
      this.later();
      return;
    }
    if (answer.ok) await this.confirm(text, answer);
    else if (answer.status === 401) this.say("phone", this.form.dataset.saySignedOut);
    else if (answer.status === 409) await this.elsewhere(answer);
    else if (answer.status === 422 || answer.status === 413) this.say("phone", this.form.dataset.sayLonger);
    else this.later();
  }

  async confirm(text, answer) {
    const told = await answer.json();
    this.buildsOn(told.counter);
    this.confirmed = text;
    const kept = this.kept();
    if (kept?.text === text) this.forget();
    else if (kept) this.toDevice(); // newer words, and what they build on now
    if (this.text() === text) this.say("here", this.form.dataset.sayHere, told.at);
  }

  later() {
    this.say("phone", this.form.dataset.sayPhone);
    this.serverTimer ||= setTimeout(() => this.toServer(), RETRY_AFTER);
  }

  async elsewhere(answer) {
    const told = await answer.json();
    this.stopped = true;
    this.say("phone", this.form.dataset.sayElsewhere, told.at);
    if (this.form.querySelector("[data-both]")) return;
    const button = document.createElement("button");
    button.className = "button button--quiet";
    button.dataset.both = "";
    button.formAction = this.form.dataset.draftUrl;
    button.textContent = this.form.dataset.sayShowBoth;
    this.line.after(button);
  }

  // -- leaving and sending ----------------------------------------------------------------------------------

  leaving() {
    this.toDevice();
    const text = this.text();
    if (text === this.confirmed || this.stopped || this.submitting) return;
    const body = new URLSearchParams({ ...JSON.parse(text), counter: this.counter });
    try {
      // The answer is not seen any more, so the device keeps its copy.
      fetch(this.form.dataset.draftUrl, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
    } catch {
      // the device has it
    }
  }

  beforeSending() {
    // The words stay on the device until a page shows that the server has them.
    this.toDevice();
    this.submitting = true;
    clearTimeout(this.serverTimer);
    setTimeout(() => (this.submitting = false), 5000);
  }
}

for (const form of document.querySelectorAll("form[data-editor]")) new Editor(form);

// A page that shows a version as sent names its key: the device's copy of that same text has done its work. Other words
// that wait here stay: they come back when this version is taken back.
for (const sent of document.querySelectorAll("[data-sent-key]")) {
  const key = `draft:${sent.dataset.sentKey}`;
  try {
    const kept = JSON.parse(JSON.parse(localStorage.getItem(key))?.text ?? "{}");
    const fields = Object.entries(JSON.parse(sent.dataset.sentFields));
    if (fields.every(([name, text]) => (kept[name] ?? "") === text)) localStorage.removeItem(key);
  } catch {
    // no storage on this device
  }
}

// Where somebody chose between two texts, the device's copies of this piece have done their work too.
for (const chosen of document.querySelectorAll("form[data-forget]")) {
  chosen.addEventListener("submit", () => {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(`draft:${chosen.dataset.forget}:`)) localStorage.removeItem(key);
      }
    } catch {
      // no storage on this device
    }
  });
}
