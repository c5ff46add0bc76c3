// The clock of a piece of homework: says how many minutes are left, and tells the server now and then that the page is
// open. The server counts; this shows. A clock that rests goes on when somebody writes. Without script the page shows how
// it stood when it was loaded, and nothing is written while it rests.
//
// Markup: one element [data-clock=address data-left data-running data-say-*]; buttons [data-clock-rest], [data-clock-on];
// [data-clock-told data-say-*] for what happened; fields of form#writing that are read-only while it rests.

const SIGN_EVERY = 45000;
const SHOW_EVERY = 5000;

class Clock {
  constructor(line, form) {
    this.line = line;
    this.told = document.querySelector("[data-clock-told]");
    for (const field of form.querySelectorAll("[readonly]")) field.readOnly = false;
    this.known(Number(line.dataset.left), "running" in line.dataset);
    form.addEventListener("input", () => this.written());
    setInterval(() => this.show(), SHOW_EVERY);
    setInterval(() => this.running && this.turn("sign"), SIGN_EVERY);
    document.addEventListener("visibilitychange", () => !document.hidden && this.running && this.turn("sign"));
  }

  known(left, running) {
    this.left = left;
    this.running = running;
    this.since = performance.now();
    if (!running) this.tell(left ? this.told.dataset.sayByItself : "");
    this.show();
  }

  tell(words) {
    if (this.told.textContent !== words) this.told.textContent = words;
  }

  show() {
    const passed = this.running ? (performance.now() - this.since) / 1000 : 0;
    const minutes = Math.ceil(Math.max(0, this.left - passed) / 60);
    const { sayOne, sayMany, sayRests, sayUsed } = this.line.dataset;
    const words = minutes ? (minutes === 1 ? sayOne : sayMany).replace("{n}", minutes) : sayUsed;
    const all = this.running || !minutes ? words : `${sayRests} ${words}`;
    if (this.line.textContent !== all) this.line.textContent = all;
    for (const button of document.querySelectorAll("[data-clock-rest]")) button.hidden = !this.running;
    for (const button of document.querySelectorAll("[data-clock-on]")) button.hidden = this.running || !minutes;
  }

  // Somebody who writes does not rest. Without a connection the words are kept all the same, and the next key tries again.
  async written() {
    if (this.running || !this.left || this.asking) return;
    this.asking = true;
    await this.turn("on");
    this.asking = false;
    if (this.running) this.tell(this.told.dataset.sayWentOn);
  }

  async turn(doing) {
    try {
      const answer = await fetch(this.line.dataset.clock, {
        method: "POST",
        body: new URLSearchParams({ do: doing }),
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout?.(20000),
      });
      const { left, running } = await answer.json();
      if (answer.ok && left !== undefined) this.known(left, running);
    } catch {
      // no connection: the clock rests by itself, and the next sign tells
    }
  }
}

const line = document.querySelector("[data-clock]");
const form = document.getElementById("writing");
if (line && form) new Clock(line, form);
