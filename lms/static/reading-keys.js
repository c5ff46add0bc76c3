// Keys of the reading room. They never fire in text fields; each can be changed, and all switched off on this device.

const SWITCH = "reading-keys";
const OWN = "reading-keys-own";

let listening = new AbortController();

class Keys {
  constructor({ room, next, previous }) {
    listening.abort();
    listening = new AbortController();
    this.room = room;
    this.help = document.querySelector("[data-keys-list]");
    this.moves = { next, previous };
    this.read();
    if (this.help) this.showList();
    document.addEventListener("keydown", (event) => this.pressed(event), { signal: listening.signal });
  }

  // -- what this device chose -----------------------------------------------------------------------------------

  read() {
    this.on = true;
    this.own = {};
    try {
      this.on = localStorage.getItem(SWITCH) !== "off";
      this.own = JSON.parse(localStorage.getItem(OWN)) ?? {};
    } catch {
      // No storage: then the usual keys hold.
    }
  }

  write() {
    try {
      localStorage.setItem(SWITCH, this.on ? "on" : "off");
      localStorage.setItem(OWN, JSON.stringify(this.own));
    } catch {
      // No storage: then it holds for this page alone.
    }
  }

  nameOf(key) {
    const usual = { j: "next", z: "undo" }; // on pages without the list
    if (!this.help) return Object.entries(this.own).find(([, own]) => own === key)?.[0] ?? usual[key];
    return this.boxes().find((box) => box.value === key)?.dataset.key;
  }

  boxes() {
    return [...this.help.querySelectorAll("[data-key]")];
  }

  showList() {
    for (const box of this.boxes()) {
      box.value = this.own[box.dataset.key] ?? box.dataset.default;
      box.addEventListener("focus", () => box.select());
      box.addEventListener("change", () => this.change(box));
    }
    const on = this.help.querySelector("[data-keys]");
    on.checked = this.on;
    on.addEventListener("change", () => {
      this.on = on.checked;
      this.write();
    });
    this.help.querySelector("[data-reset]").addEventListener("click", () => {
      this.own = {};
      for (const box of this.boxes()) box.value = box.dataset.default;
      this.write();
    });
    this.help.querySelector("[data-close]").addEventListener("click", () => this.help.close());
    // Escape leaves the box too: a browser would keep it until it draws again, and a key pressed meanwhile would go there.
    this.help.addEventListener("cancel", () => document.activeElement.blur());
    const open = document.querySelector("[data-help]");
    if (!open) return;
    open.hidden = false;
    open.addEventListener("click", () => this.help.showModal());
  }

  // A key does one thing: whatever had it gets the one that became free. Numbers tick.
  change(box) {
    const before = this.own[box.dataset.key] ?? box.dataset.default;
    if (!/^[^\s\d]$/.test(box.value)) {
      box.value = before;
      return;
    }
    const other = this.boxes().find((one) => one !== box && one.value === box.value);
    if (other) other.value = before;
    for (const one of this.boxes()) this.own[one.dataset.key] = one.value;
    this.write();
  }

  // -- what they do ---------------------------------------------------------------------------------------------

  pressed(event) {
    if (this.help?.open || event.isComposing || event.defaultPrevented) return;
    const field = event.target.closest("textarea, select, input:not([type=checkbox], [type=radio])");
    const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (sends && this.room) this.room.chosen.click();
    else if (event.key === "Escape" && field) field.blur();
    else if (event.ctrlKey || event.metaKey || event.altKey || !this.on) return;
    else if (field) {
      if (!this.asksForStarters(event.key, field)) return;
      this.room.starters.open(field);
    } else if (!this.does(event.key)) return;
    event.preventDefault();
  }

  // In a field of the reply, at the beginning of a line.
  asksForStarters(key, field) {
    if (!this.room?.form.contains(field) || field.type !== "textarea" || this.nameOf(key) !== "starters") return false;
    return field.selectionStart === 0 || field.value[field.selectionStart - 1] === "\n";
  }

  does(key) {
    if (this.room && /^[1-9]$/.test(key)) return this.tick(Number(key));
    const name = this.nameOf(key);
    const deed = this.moves[name] ?? this.deeds()[name];
    if (!deed) return false;
    deed();
    return true;
  }

  deeds() {
    const click = (selector) => () => document.querySelector(selector)?.click();
    const undo = () => document.querySelector("[data-undo]:not([hidden]) button")?.click();
    if (!this.room) return { undo };
    const { form, decisions, starters } = this.room;
    const { came_through: first, question } = form.elements;
    const [accept, look] = decisions;
    const choose = (decision, focus) => {
      this.room.choose(decision);
      this.room.changed();
      focus.focus();
    };
    return {
      undo,
      first: () => first.focus(),
      quote: () => this.quote(first),
      starters: () => starters.open(first),
      accept: () => choose(accept, accept),
      look: () => choose(look, question.value.trim() ? look : question),
      aside: click("[data-aside] button"),
      second: () => {
        const box = form.elements.second;
        if (!box) return;
        box.closest("details").open = true;
        box.click();
      },
      worried: click("[data-worried]"),
      play: () => this.play(),
      help: () => this.help?.showModal(),
    };
  }

  // A line to tick, or levels of which the next is chosen.
  tick(number) {
    const line = this.room.form.querySelectorAll("[name=tick], [data-levels]")[number - 1];
    if (!line) return false;
    if (line.matches("input")) line.click();
    else {
      const levels = [...line.querySelectorAll("input")];
      levels[(levels.findIndex((one) => one.checked) + 1) % levels.length].click();
    }
    return true;
  }

  quote(field) {
    const selection = getSelection();
    const words = selection.toString().trim();
    if (!words || !document.querySelector("[data-text]").contains(selection.anchorNode)) return;
    const quoted = document.documentElement.lang === "fr" ? `«\u00a0${words}\u00a0»` : `“${words}”`;
    field.value = field.value ? `${field.value.trimEnd()}\n${quoted} ` : `${quoted} `;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  play() {
    const sounds = [...document.querySelectorAll("[data-text] audio")];
    const playing = sounds.find((sound) => !sound.paused);
    if (playing) playing.pause();
    else sounds[0]?.play();
  }
}

document.addEventListener("desk", (event) => new Keys(event.detail));
