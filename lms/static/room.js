// The room of a group in a role play, and the page on which one waits for it. The phone counts by itself from the times the
// server told it, so a wrong clock on the phone or a lost network does not matter; the server is asked for news in one long
// request after the other. Without script the page comes anew every 20 seconds with the same content; a link stands there
// instead while one may write.
//
// Markup: #room[data-live data-mark data-clock data-say-*] as in _room.html, without data-clock as in _waiting.html; what a
// screen reader is told stands in [data-heard] beside it. [data-part] is replaced when it changed, but never while somebody
// writes in it (sheet.js keeps the words), and where other parts come, the whole room; [data-when] shows in one step;
// [data-for] in phases of a round, and details[data-open] are open in them; [data-next-round] while a choice is for the next
// round; [data-tap] forms are one tap. Whoever else wants to know (room-tools.js) hears "room:shown" and "room:phase".

const READY_FOR = 20; // seconds in which a new phase says "when you are ready"
const ENDING = 30; // seconds before the end in which it says "time to find an ending"
const PATIENCE = 30000;
const TRY_AGAIN = 2000;
const SKEWED = 2; // minutes that the phone's own clock is off when one is told
const AT_ONCE = 5000; // milliseconds in which what came of a tap is still expected
const SPREAD = 2000; // milliseconds over which the phones of a class ask anew
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Of these taps one sees what came of them at the top of the room.
const TURNING = ["observe", "tag_in", "swap", "out", "back", "leave"];
// In these phases nothing is to be brought to an end; what comes next is said instead.
const BEFORE_PLAY = ["set_up", "read"];

class Room {
  constructor(root) {
    this.unsent = [];
    this.turning = 0;
    this.behind = false; // something new waits until nobody writes
    this.offline = !navigator.onLine;
    this.heard = document.querySelector("[data-heard]");
    this.meet(root, performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
    addEventListener("online", () => this.back());
    addEventListener("offline", () => this.lost());
    document.addEventListener("visibilitychange", () => this.seen());
    setInterval(() => this.show(), 1000);
    this.listen();
  }

  // The page as the server drew it, told at `at`.
  meet(root, at) {
    this.root = root;
    this.mark = root.dataset.mark;
    this.sources = new Map(); // part to its markup as the server sent it
    this.index = -1;
    this.told = []; // the phase and how it went, as it was said last
    for (const part of this.parts(root)) this.sources.set(part.dataset.part, part.innerHTML);
    this.know(at);
    root.addEventListener("submit", (event) => this.tapped(event));
    root.addEventListener("input", (event) => event.target.closest("form:not([data-tap])")?.setAttribute("data-typed", ""));
    root.addEventListener("click", (event) => event.target.closest("[data-go-onward]") && this.goOnward());
    this.show();
    document.dispatchEvent(new CustomEvent("room:shown"));
  }

  parts(root) {
    return root.querySelectorAll("[data-part]");
  }

  one(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  say(name, values = {}) {
    const words = this.root.dataset[`say${name}`] ?? "";
    return Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, value), words);
  }

  write(element, words) {
    if (!element) return;
    if (element.textContent !== words) element.textContent = words; // said aloud once
    element.hidden = !words;
  }

  // -- the clock ---------------------------------------------------------------------------------------------

  // What the server told, and when by the clock that only ever counts forward.
  know(at) {
    this.clock = this.root.dataset.clock ? JSON.parse(this.root.dataset.clock) : null;
    this.heardAt = at;
    this.heardOn = Date.now() - (performance.now() - at);
  }

  // While a device sleeps one of its two clocks may stand, never both.
  passed() {
    return Math.max(performance.now() - this.heardAt, this.slept ? Date.now() - this.heardOn : 0);
  }

  moment() {
    const { now, paused, spans } = this.clock;
    const at = paused ?? now + this.passed();
    const found = spans.findIndex((span) => at < span.ends);
    const index = found < 0 ? spans.length - 1 : found;
    const span = spans[index];
    const shift = paused === null ? 0 : now + this.passed() - paused; // what is to come moves while the clock stands
    return { index, span, shift, over: found < 0, paused: paused !== null, left: Math.max(0, span.ends - at) / 1000, since: (at - span.starts) / 1000 };
  }

  show() {
    if (this.behind && !this.offline && !this.writingIn(this.root)) this.askAnew();
    if (!this.clock) this.write(this.one("offline"), this.offline ? this.say("Offline") : "");
    if (!this.clock || this.clock.ended) return;
    const moment = this.moment();
    const { kind, step, where, word } = moment.span;
    const inRound = step.startsWith("round-");
    if (this.index !== moment.index) this.enter(moment);
    this.write(this.one("where"), where);
    this.write(this.one("word"), inRound ? "" : word);
    this.write(this.one("left"), this.leftWords(moment));
    this.tell(moment);
    const phases = this.one("phases");
    if (phases) {
      phases.hidden = !inRound;
      for (const item of phases.children) {
        if (item.dataset.kind === kind) item.setAttribute("aria-current", "step");
        else item.removeAttribute("aria-current");
      }
    }
    for (const part of this.root.querySelectorAll("[data-for]")) {
      const own = part.closest("[data-when]")?.dataset.when;
      this.hide(part, !part.dataset.for.split(" ").includes(kind) || (own !== undefined && own !== step));
    }
    this.offer(moment);
    this.write(this.one("offline"), this.offline ? this.offlineWords(moment) : "");
  }

  // What one may choose in this phase.
  offer({ span, paused, over }) {
    const offered = {
      pause: !paused && !over,
      go_on: paused && !this.clock.byAll,
      observe: ["supporter", "person"].includes(span.turn),
      swap: span.turn !== null,
      tag_in: span.tagsIn,
    };
    const next = this.one("next-round");
    if (next) next.hidden = span.kind !== "feedback" || span.turn === null;
    for (const form of this.root.querySelectorAll("[data-tap]")) {
      if (form.dataset.tap in offered) form.hidden = !offered[form.dataset.tap];
    }
    const ownPace = this.one("own-pace");
    if (ownPace) ownPace.hidden = over;
  }

  leftWords({ index, left, since, over, paused, span }) {
    if (over) return this.say("Over");
    if (paused) return this.say(this.clock.byAll ? "AllPaused" : "Paused");
    if (left <= ENDING) return this.endingWords(index, span);
    if (index && since < READY_FOR) return this.say("Ready", { phase: span.word });
    const minutes = Math.ceil(left / 60);
    return minutes === 1 ? this.say("Minute") : this.say("Minutes", { n: minutes });
  }

  endingWords(index, { kind }) {
    const next = this.clock.spans[index + 1];
    return next && BEFORE_PLAY.includes(kind) ? this.say("Soon", { phase: next.word }) : this.say("Ending");
  }

  // Whoever does not look at the phone hears that the clock stands, that it goes on, and that the end is near. Never seconds.
  tell({ index, span, left, paused, over }) {
    const state = paused ? "paused" : over ? "over" : left <= ENDING ? "ending" : "on";
    const [before, then] = this.told;
    this.told = [index, state];
    if (before !== index || then === state) return; // a new phase is said by itself
    if (paused) this.hear(this.say(this.clock.byAll ? "AllPaused" : "Paused"));
    else if (over) this.hear(this.say("Over"));
    else if (state === "ending") this.hear(this.endingWords(index, span));
    else this.hear(this.say("GoesOn", { phase: span.word }));
  }

  hear(words) {
    if (this.heard) this.heard.textContent = words;
  }

  offlineWords({ span, shift, paused, over }) {
    if (over) return "";
    if (paused) return this.say("OfflinePaused");
    const last = this.clock.spans.filter((one) => one.step === span.step).at(-1);
    const format = { hour: "numeric", minute: "2-digit", timeZone: this.root.dataset.zone };
    const time = new Intl.DateTimeFormat(`${document.documentElement.lang}-CA`, format).format(last.ends + shift);
    const words = this.say(span.step.startsWith("round-") ? "Offline" : "OfflinePart", { time }).replace(".m..", ".m.");
    const skew = Math.round(Math.abs(Date.now() - this.clock.now - this.passed()) / 60000);
    return skew < SKEWED ? words : `${words} ${this.say("Skewed", { n: skew })}`;
  }

  // Another phase: shown, said once, and felt by those who want that.
  enter({ index, span }) {
    const first = this.index < 0;
    this.index = index;
    for (const field of this.root.querySelectorAll("[data-tap] [name=phase]")) field.value = index;
    this.turnTo(span.step);
    if (first) return;
    this.fold(this.root, span.kind);
    if (!this.writingIn(this.root)) this.root.scrollIntoView();
    this.hear([span.where, span.word, span.seat].filter(Boolean).join(". "));
    document.dispatchEvent(new CustomEvent("room:phase"));
    setTimeout(() => this.askAnew(), Math.random() * SPREAD); // what was told of the last round holds no longer
  }

  // Nobody is taken away from what they are writing.
  turnTo(step) {
    const pages = [...this.root.querySelectorAll("[data-when]")];
    const shown = pages.find((page) => !page.hidden);
    if (pages.length < 2 || !pages.some((page) => page.dataset.when === step)) return;
    const stays = shown && shown.dataset.when !== step && this.writingIn(shown);
    this.hide(this.one("onward"), !stays);
    if (!stays) this.open(step);
  }

  open(step) {
    for (const page of this.root.querySelectorAll("[data-when]")) this.hide(page, page.dataset.when !== step);
  }

  // Whoever was in what goes away is at the heading that says where they are now.
  hide(part, hidden) {
    if (!part) return;
    const held = hidden && !part.hidden && part.contains(document.activeElement);
    part.hidden = hidden;
    if (held) this.toHeading();
  }

  toHeading() {
    const heading = this.root.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  fold(part, kind) {
    for (const details of part.querySelectorAll("details[data-open]")) details.open = details.dataset.open.split(" ").includes(kind);
  }

  writingIn(part) {
    const active = document.activeElement;
    return Boolean(part.querySelector("[data-typed]")) || (part.contains(active) && active.matches("textarea, input"));
  }

  goOnward() {
    this.open(this.moment().span.step);
    this.hide(this.one("onward"), true);
    this.root.scrollIntoView();
  }

  // -- news --------------------------------------------------------------------------------------------------

  async listen() {
    for (;;) {
      try {
        const answer = await this.ask();
        if (answer.status >= 400 && answer.status < 500) return location.reload(); // signed out, or no longer for us
        if (!answer.ok) throw answer;
        const news = await answer.json();
        this.back();
        if (news.mark !== this.mark) this.take(news);
        await pause(news.again);
      } catch {
        if (!this.hurry) {
          this.lost();
          await pause(TRY_AGAIN);
        }
      }
      this.hurry = false;
      if (document.hidden) await this.visible();
    }
  }

  async ask() {
    this.asking = new AbortController();
    const limit = setTimeout(() => this.asking.abort(), PATIENCE);
    try {
      const address = new URL(this.root.dataset.live, location.href);
      address.searchParams.set("seen", this.mark);
      if (this.dropped) address.searchParams.set("instead", "yes"); // the server would keep the old line's place for a while
      this.dropped = false;
      return await fetch(address, { headers: { Accept: "application/json" }, signal: this.asking.signal });
    } finally {
      clearTimeout(limit);
    }
  }

  // The whole room as it is now, whatever this phone has.
  askAnew() {
    this.behind = false;
    this.mark = "";
    this.hurry = true;
    this.dropLine();
  }

  dropLine() {
    this.dropped = Boolean(this.asking);
    this.asking?.abort();
  }

  visible() {
    return new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
  }

  take({ mark, room, clock, said }) {
    if (clock && this.clock) return this.wind(mark, clock, said);
    if (!room) return location.reload(); // it is no longer ours
    this.mark = mark;
    const fresh = new DOMParser().parseFromString(room, "text/html").getElementById("room");
    const names = (root) => Array.from(root.querySelectorAll("[data-when], [data-part]"), (one) => one.dataset.when ?? one.dataset.part).join();
    const other = !fresh.dataset.clock || !this.clock || names(fresh) !== names(this.root);
    if (other && !this.writingIn(this.root)) return this.become(fresh);
    if (fresh.dataset.clock) {
      this.root.dataset.clock = fresh.dataset.clock;
      this.know(performance.now());
    }
    if (other) this.behind = true;
    for (const part of this.parts(fresh)) if (!other || part.dataset.part === "said") this.put(part); // what is said waits for nothing
    this.show();
    if (performance.now() < this.turning && !this.writingIn(this.root)) this.root.scrollIntoView();
    this.turning = 0;
  }

  // Groups are formed, it begins, somebody steps out, it is over: another page in the place of this one.
  become(fresh) {
    const held = this.root.contains(document.activeElement);
    const waited = !this.clock;
    this.root.replaceWith(fresh);
    this.meet(fresh, performance.now());
    if (this.clock || !waited) fresh.scrollIntoView();
    if (this.clock && waited) this.begun();
    this.turning = 0;
    if (held) this.toHeading();
    const headings = [...fresh.querySelectorAll("h1, h2")].filter((one) => one.getClientRects().length && !one.closest(".visually-hidden"));
    this.hear(headings.slice(0, 2).map((one) => one.textContent.trim().replace(/\s+/g, " ")).join(". "));
  }

  // What one chose while one waited steps back behind what one plays.
  begun() {
    const choices = document.querySelector("details[data-choices]");
    if (choices && !choices.contains(document.activeElement)) choices.open = false;
    document.dispatchEvent(new CustomEvent("room:phase"));
  }

  // Only the clock was changed, or a trainer said something.
  wind(mark, clock, said) {
    this.mark = mark;
    this.put(new DOMParser().parseFromString(said, "text/html").querySelector("[data-part]"));
    this.root.dataset.clock = JSON.stringify(clock);
    this.know(performance.now());
    this.show();
  }

  put(fresh) {
    const name = fresh.dataset.part;
    const part = [...this.parts(this.root)].find((one) => one.dataset.part === name);
    if (!part || fresh.innerHTML === this.sources.get(name)) return;
    if (this.writingIn(part)) {
      this.behind = true;
      return;
    }
    const focused = part.contains(document.activeElement) && document.activeElement.value;
    const open = Array.from(part.querySelectorAll("details"), (one) => one.open);
    this.sources.set(name, fresh.innerHTML);
    part.innerHTML = fresh.innerHTML;
    part.querySelectorAll("details").forEach((one, at) => (one.open = open[at] ?? one.open));
    this.fold(part, this.moment().span.kind);
    if (focused) part.querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
    if (focused && !part.contains(document.activeElement)) this.toHeading();
  }

  back() {
    this.slept = false;
    if (this.offline) {
      this.offline = false;
      this.show();
    }
    this.send();
  }

  lost() {
    this.offline = true;
    this.show();
  }

  seen() {
    if (document.hidden) return;
    this.slept = true; // until the server has told the time again
    this.hurry = true;
    this.dropLine();
    this.show();
  }

  // -- taps --------------------------------------------------------------------------------------------------

  tapped(event) {
    const form = event.target;
    if (!("tap" in form.dataset)) return form.removeAttribute("data-typed"); // sent
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    const tap = { address: form.getAttribute("action"), fields, waits: !fields.has("phase") };
    // What one asks of the clock is meant for now; what one chose for oneself still holds in a minute.
    this.unsent = this.unsent.filter((one) => one.fields.toString() !== fields.toString());
    this.unsent.push(tap);
    this.send();
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    let trouble = "";
    while (this.unsent.length) {
      const tap = this.unsent[0];
      try {
        const headers = { Accept: "application/json", "X-Writer": this.root.dataset.who };
        const signal = AbortSignal.timeout(10000);
        if (TURNING.includes(tap.fields.get("do"))) this.turning = performance.now() + AT_ONCE;
        const answer = await fetch(tap.address, { method: "POST", body: tap.fields, headers, signal });
        if (answer.status >= 500) throw answer;
        trouble = answer.ok ? "" : ((await answer.json()).error ?? "");
        this.unsent.shift();
      } catch {
        const last = this.unsent.at(-1);
        this.unsent = this.unsent.filter((one) => one.waits); // a clock is not changed minutes later
        trouble = this.say(last.waits ? "Waiting" : "NotSent");
        break;
      }
    }
    this.sending = false;
    this.write(this.one("unsent"), trouble);
  }
}

const root = document.getElementById("room");
if (root) new Room(root);
