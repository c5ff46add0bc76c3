// Starters: a list that is filtered while one types; a chosen one goes into its field, with its first gap selected.

function plain(text) {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

class Starters {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector("[data-starters]");
    this.filter = this.list.querySelector("input");
    this.list.querySelector("[data-filter]").hidden = false;
    this.list.querySelector("[data-copy]").hidden = true;
    this.items = [...this.list.querySelectorAll("[data-starter]")].map((item) => this.asButton(item));
    this.filter.addEventListener("input", (event) => {
      event.stopPropagation(); // it is no part of the reply
      this.narrow();
    });
    this.list.addEventListener("keydown", (event) => this.pressed(event));
  }

  asButton(item) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--link";
    button.textContent = item.textContent.trim();
    button.addEventListener("click", () => this.take(button.textContent, item.dataset.into));
    item.replaceChildren(button);
    return item;
  }

  open(field) {
    this.field = field;
    this.list.open = true;
    this.filter.value = "";
    this.narrow();
    this.filter.focus();
  }

  narrow() {
    const wanted = plain(this.filter.value.trim());
    for (const item of this.items) item.hidden = !plain(item.textContent).includes(wanted);
    for (const group of this.list.querySelectorAll("[data-group]")) {
      group.hidden = !group.querySelector("[data-starter]:not([hidden])");
    }
  }

  shown() {
    return this.items.filter((item) => !item.hidden).map((item) => item.firstChild);
  }

  pressed(event) {
    const shown = this.shown();
    const at = shown.indexOf(document.activeElement);
    if (event.key === "Escape") this.leave();
    else if (event.key === "ArrowDown") shown[at + 1]?.focus();
    else if (event.key === "ArrowUp") (shown[at - 1] ?? this.filter).focus();
    else if (event.key === "Enter" && event.target === this.filter && !event.ctrlKey && !event.metaKey) shown[0]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  leave() {
    this.list.open = false;
    (this.field ?? this.list.querySelector("summary")).focus();
  }

  take(words, into) {
    const field = this.form.elements[into] ?? this.field ?? this.form.elements.came_through;
    const before = field.value && !field.value.endsWith("\n") ? `${field.value.trimEnd()}\n` : field.value;
    field.value = before + words;
    this.list.open = false;
    field.focus();
    const gap = words.indexOf("...");
    if (gap >= 0) field.setSelectionRange(before.length + gap, before.length + gap + 3);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("desk", ({ detail: { room } }) => {
  if (room) room.starters = new Starters(room.form);
});
