// "Read it to me": the browser reads the text of the page aloud, in the page's language, with pause and stop. Nothing is
// sent anywhere by us, and nothing is highlighted. Browsers that cannot do it show no button.
//
// Markup: <div data-aloud hidden> with buttons data-do="read", "pause", "on", "stop". Read are texts (.prose) and what a
// form asks, as far as they are to be seen.

const voice = window.speechSynthesis;
const READ = "main .prose, #writing :is(legend, label)";
const AT_ONCE = 200; // some browsers fall silent within long utterances: sentences are handed over one by one

class Reader {
  constructor(bar) {
    this.bar = bar;
    this.left = [];
    this.state = "still";
    bar.addEventListener("click", (event) => this[event.target.closest("button")?.dataset.do]?.());
    window.addEventListener("pagehide", () => voice.cancel());
    bar.hidden = false;
    this.show();
  }

  read() {
    voice.cancel();
    const seen = [...document.querySelectorAll(READ)].filter((part) => part.checkVisibility?.() ?? part.offsetParent);
    this.left = seen.flatMap((part) => sentences(part.innerText));
    this.become("reading");
    this.next();
  }

  next() {
    const words = this.left.shift();
    if (words === undefined) {
      this.become("still");
      return;
    }
    const said = new SpeechSynthesisUtterance(words);
    said.lang = document.documentElement.lang === "fr" ? "fr-CA" : "en-CA";
    said.onend = () => this.state === "reading" && this.now === said && this.next();
    said.onerror = () => this.now === said && this.state === "reading" && this.become("still");
    this.now = said;
    voice.speak(said);
  }

  // Pausing is not kept by every browser for long; so the sentence that was cut is read again on going on.
  pause() {
    this.left.unshift(this.now.text);
    this.become("paused");
    voice.cancel();
  }

  on() {
    this.become("reading");
    this.next();
  }

  stop() {
    this.become("still");
    this.left = [];
    voice.cancel();
  }

  become(state) {
    this.state = state;
    this.show();
  }

  show() {
    const shown = { still: ["read"], reading: ["pause", "stop"], paused: ["on", "stop"] }[this.state];
    const held = this.bar.contains(document.activeElement);
    for (const button of this.bar.querySelectorAll("button")) button.hidden = !shown.includes(button.dataset.do);
    if (held) this.bar.querySelector("button:not([hidden])").focus();
  }
}

function sentences(text) {
  const found = text.match(/[^.!?\n]+[.!?…]*["»”]?\s*|\n/g) ?? [];
  const pieces = [];
  for (const sentence of found.map((one) => one.trim()).filter(Boolean)) {
    const last = pieces.length - 1;
    if (last >= 0 && pieces[last].length + sentence.length < AT_ONCE) pieces[last] += ` ${sentence}`;
    else pieces.push(sentence);
  }
  return pieces;
}

const bar = document.querySelector("[data-aloud]");
if (bar && voice && window.SpeechSynthesisUtterance) new Reader(bar);
