// The reading room: the reply is kept as a draft while it is typed, and keys stand for the buttons.
// Without this script every button works, and "Keep as my draft" keeps.

const form = document.querySelector("#reply");
const undo = document.querySelector("[data-undo]");

// What was sent reaches its reader after these seconds; then the offer to undo is over.
if (undo) setTimeout(() => (undo.hidden = true), undo.dataset.undo * 1000);
if (form) {
  keepDrafts();
  listenToKeys();
}

function keepDrafts() {
  const line = form.querySelector(".saved");
  let kept = written().toString();
  let timer = 0;
  let sent = false;
  let turn = Promise.resolve(); // one after the other, so that an older draft never lands on a newer one

  function written() {
    return new URLSearchParams(new FormData(form));
  }

  async function save(keepalive = false) {
    clearTimeout(timer);
    timer = 0;
    const body = written();
    if (sent || body.toString() === kept) return;
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers, keepalive });
      if (!answer.ok) throw new Error((await answer.json()).error);
      kept = body.toString();
      const format = { hour: "numeric", minute: "2-digit" };
      const time = new Date().toLocaleTimeString(`${document.documentElement.lang}-CA`, format);
      say("here", line.dataset.saved.replace("{t}", time));
    } catch {
      say("not-yet", line.dataset.notYet);
      timer ||= setTimeout(saveInTurn, 5000);
    }
  }

  function saveInTurn() {
    turn = turn.then(() => save());
  }

  function say(state, words) {
    line.dataset.state = state;
    line.textContent = words;
  }

  form.addEventListener("input", () => (timer ||= setTimeout(saveInTurn, 3000)));
  form.addEventListener("focusout", saveInTurn);
  form.addEventListener("submit", () => (sent = true));
  addEventListener("pageshow", () => (sent = false));
  addEventListener("pagehide", () => save(true));
}

function listenToKeys() {
  const text = document.querySelector("[data-text]");
  const help = document.querySelector("dialog");
  const on = help.querySelector("[data-keys]");
  const { came_through: first, question } = form.elements;
  const decisions = [...document.querySelectorAll("[name=decision]")];
  const [accept, oneMoreLook] = decisions;
  let chosen = decisions.find((button) => !button.classList.contains("button--quiet"));

  const keys = {
    c: () => first.focus(),
    q: quote,
    a: () => choose(accept, accept),
    r: () => choose(oneMoreLook, question.value.trim() ? oneMoreLook : question),
    s: () => document.querySelector("[data-back]").click(),
    z: () => undo && !undo.hidden && undo.querySelector("button").click(),
    "?": () => help.showModal(),
  };

  // The chosen decision is the solid button, and what Ctrl+Enter sends.
  function choose(decision, focus) {
    chosen = decision;
    for (const button of decisions) button.classList.toggle("button--quiet", button !== chosen);
    focus.focus();
  }

  function quote() {
    const selection = getSelection();
    const words = selection.toString().trim();
    if (!words || !text.contains(selection.anchorNode)) return;
    const quoted = document.documentElement.lang === "fr" ? `«\u00a0${words}\u00a0»` : `“${words}”`;
    first.value = first.value ? `${first.value.trimEnd()}\n${quoted} ` : `${quoted} `;
    first.dispatchEvent(new Event("input", { bubbles: true }));
    first.focus();
  }

  function tick(number) {
    const box = form.querySelectorAll("[name=tick]")[number - 1];
    if (box) box.click();
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("textarea, select, input:not([type=checkbox])");
    if (help.open || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) chosen.click();
    else if (event.key === "Escape" && field) field.blur();
    else if (field || event.ctrlKey || event.metaKey || event.altKey || !on.checked) return;
    else if (keys[event.key]) keys[event.key]();
    else if (/^[1-9]$/.test(event.key)) tick(event.key);
    else return;
    event.preventDefault();
  });

  // Single keys can be switched off, for those who dictate or use a screen reader.
  try {
    on.checked = localStorage.getItem("reading-keys") !== "off";
    on.addEventListener("change", () => localStorage.setItem("reading-keys", on.checked ? "on" : "off"));
  } catch {
    // No storage: then it holds for this page alone.
  }
  const open = document.querySelector("[data-help]");
  open.hidden = false;
  open.addEventListener("click", () => help.showModal());
  help.querySelector("[data-close]").addEventListener("click", () => help.close());
}
