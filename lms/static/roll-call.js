// Roll call. Every tap counts at once, is kept on this device, and is forgotten here when the server has confirmed it.
// Without this script each tile is a form of its own and works too.

const tiles = document.querySelector(".tiles");
if (tiles) start();

function start() {
  const line = document.querySelector(".roll-sum");
  const [sentence, saved] = line.querySelectorAll("[role=status] > span");
  const undoButton = line.querySelector("[data-undo]");
  const more = document.querySelector("[data-more]");
  const next = JSON.parse(tiles.dataset.next);
  const words = Object.fromEntries(Array.from(more.elements.status.options, (option) => [option.value, option.text]));
  const forms = new Map(Array.from(tiles.querySelectorAll("form"), (form) => [form.elements.enrolment.value, form]));
  const confirmed = new Map(Array.from(forms, ([id, form]) => [id, form.dataset.now]));
  const place = `roll-call ${tiles.dataset.who} ${location.pathname}`;

  let waiting = recalled(); // taps the server has not confirmed, in their order: [enrolment or "" for everyone, address, fields]
  const undoable = []; // for each tap, what it changed: [[enrolment, status, note], ...]
  let sending = false;
  let said = sentence.textContent;
  let trouble = ""; // what the server answered when it could not take a tap

  function recalled() {
    try {
      return JSON.parse(localStorage.getItem(place)) ?? [];
    } catch {
      return [];
    }
  }

  function remember() {
    try {
      if (waiting.length) localStorage.setItem(place, JSON.stringify(waiting));
      else localStorage.removeItem(place);
    } catch {
      // Storage is switched off or full: then the taps wait in this page alone.
    }
  }

  function show(form, status) {
    const tile = form.querySelector(".tile");
    const word = words[status];
    form.dataset.now = status;
    form.elements.status.value = next[status] ?? "here";
    tile.dataset.status = status || "empty";
    tile.querySelector(".tile__state").textContent = word;
    tile.setAttribute("aria-label", `${tile.querySelector(".tile__name").textContent}, ${word}`);
  }

  // What the server confirmed, and over it what still waits.
  function showAll() {
    for (const [id, form] of forms) show(form, confirmed.get(id));
    for (const [id, , fields] of waiting) {
      for (const form of meant(id)) show(form, id ? new URLSearchParams(fields).get("status") : "here");
    }
  }

  function meant(id) {
    const one = forms.get(id);
    return one ? [one] : id ? [] : [...forms.values()].filter((form) => !form.dataset.now);
  }

  function say() {
    const words = waiting.length ? line.dataset.waiting.replace("{n}", waiting.length) : said;
    sentence.textContent = trouble ? `${trouble} ${words}` : words;
    saved.hidden = waiting.length > 0;
    line.dataset.state = waiting.length ? "phone" : "here";
    undoButton.hidden = !undoable.length;
  }

  function tap(address, fields) {
    const id = fields.get("enrolment") ?? "";
    waiting = waiting.filter((entry, at) => entry[0] !== id || (sending && at === 0));
    waiting.push([id, address, new URLSearchParams(fields).toString()]);
    remember();
    showAll();
    line.dataset.state = "phone"; // the half dot: under way
    saved.hidden = true;
    send();
  }

  async function send() {
    if (sending || !waiting.length) return;
    sending = true;
    const slow = setTimeout(say, 1000);
    trouble = "";
    try {
      while (waiting.length) await sendFirst();
    } catch (problem) {
      trouble = problem.sentence ?? "";
      setTimeout(send, 5000);
    }
    clearTimeout(slow);
    sending = false;
    showAll();
    say();
  }

  async function sendFirst() {
    const [, address, fields] = waiting[0];
    const patience = new AbortController();
    const limit = setTimeout(() => patience.abort(), 10000);
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: "application/json" },
      signal: patience.signal,
    });
    clearTimeout(limit);
    const told = await answer.json();
    if (answer.status === 401 || answer.status === 429 || answer.status >= 500) throw { sentence: told.error };
    waiting.shift(); // confirmed, or refused for good
    remember();
    if (!answer.ok) trouble = told.error;
    said = told.summary ?? said;
    for (const [id, status] of Object.entries(told.status ?? {})) confirmed.set(id, status);
  }

  function undo() {
    const address = tiles.querySelector("form").getAttribute("action");
    for (const [enrolment, status, note] of undoable.pop() ?? []) {
      tap(address, new URLSearchParams({ enrolment, status, note: status ? note : "" }));
    }
  }

  document.querySelector("main").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // page.js holds second clicks back; here every tap counts
    const fields = new FormData(event.target);
    const changed = meant(fields.get("enrolment") ?? "");
    undoable.push(changed.map((form) => [form.elements.enrolment.value, form.dataset.now, form.dataset.note]));
    tap(event.target.getAttribute("action"), fields);
    if (event.target === more) more.reset();
  });

  tiles.addEventListener("focusin", (event) => {
    more.elements.enrolment.value = event.target.form.elements.enrolment.value;
  });

  tiles.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const all = [...tiles.querySelectorAll(".tile")];
    const columns = all.filter((tile) => tile.offsetTop === all[0].offsetTop).length;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const status = { h: "here", l: "late", a: "away", e: "told_us" }[event.key];
    if (step) all[all.indexOf(event.target) + step]?.focus();
    else if (status) {
      event.target.form.elements.status.value = status;
      event.target.click();
    } else if (event.key === "u") undo();
    else return;
    event.preventDefault();
  });

  undoButton.addEventListener("click", undo);
  addEventListener("online", send);
  if (waiting.length) {
    showAll();
    say();
    send();
  }
}
