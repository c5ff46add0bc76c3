// Two comforts where several things are asked: what follows own words opens once there are some, and the questions can
// stand one at a time. Without script all are there, and what is folded opens by hand.
//
// Markup: [data-asked data-say-*] with one .asked__one a question; <details data-then="name of the field before">.

for (const fold of document.querySelectorAll("details[data-then]")) {
  const before = document.getElementById(fold.dataset.then);
  // On leaving the field, not at the first letter: nothing jumps while somebody writes.
  const open = () => (fold.open ||= before.value.trim() !== "");
  before?.addEventListener("change", open);
  if (before) open();
}

class OneAtATime {
  constructor(asked) {
    this.ones = [...asked.querySelectorAll(".asked__one")];
    if (this.ones.length < 2) return;
    this.asked = asked;
    this.at = -1;
    this.switch = this.button("", () => this.show(this.at < 0 ? 0 : -1));
    this.back = this.button(asked.dataset.sayBack, () => this.show(this.at - 1));
    this.next = this.button(asked.dataset.sayNext, () => this.show(this.at + 1));
    this.which = document.createElement("p");
    this.which.className = "meta";
    this.which.setAttribute("role", "status");
    const row = (...inside) => {
      const made = document.createElement("div");
      made.className = "actions";
      made.append(...inside);
      return made;
    };
    asked.prepend(row(this.switch, this.which));
    asked.append(row(this.back, this.next));
    // A link to a field that needs another look leads to its question.
    window.addEventListener("hashchange", () => this.at >= 0 && this.showTarget());
    this.show(-1);
  }

  button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button--quiet";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  // The question `at`, or all of them.
  show(at) {
    const was = this.at;
    this.at = at;
    const { saySingle, sayAll, sayWhich } = this.asked.dataset;
    this.ones.forEach((one, number) => (one.hidden = at >= 0 && number !== at));
    this.switch.textContent = at < 0 ? saySingle : sayAll;
    this.back.hidden = at < 1;
    this.next.hidden = at < 0 || at === this.ones.length - 1;
    this.which.textContent = at < 0 ? "" : sayWhich.replace("{number}", at + 1).replace("{last}", this.ones.length);
    if (at >= 0 && was >= 0) this.ones[at].querySelector("textarea, input, select")?.focus();
  }

  showTarget() {
    const target = document.getElementById(location.hash.slice(1));
    const at = this.ones.findIndex((one) => one.contains(target));
    if (at >= 0) this.show(at);
  }
}

for (const asked of document.querySelectorAll("[data-asked]")) new OneAtATime(asked);
