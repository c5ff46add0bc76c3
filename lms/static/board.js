// The trainers' board keeps itself up to date: one long request waits for news, and what changed is drawn anew, but never
// what somebody writes in. Between two looks it counts the time by itself. Without script a link says "Look again".
//
// Markup: [data-board="address of the changing part"][data-live][data-mark][data-say-*]; inside it [data-part] by name,
// [data-left] with seconds, [data-tap] forms that are one tap, [data-note] and [data-message] forms with a line [data-saved];
// [data-told] for a sentence about all.

const AGAIN_AFTER = 2000;
const board = document.querySelector("[data-board]");
const ends = new WeakMap(); // a [data-left] to the moment in which nothing is left
const asked = new WeakSet(); // those whose end was looked at
const sources = new Map(); // part to its markup as the server sent it
let behind = false; // something new waits until nobody writes

function parts(root) {
  return new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
}

// Somebody is writing there, or has ticked something that is not sent.
function inUse(part) {
  return [...part.querySelectorAll("[data-note], [data-message]")].some(
    (form) => form.dataset.typed || ("note" in form.dataset && form.contains(document.activeElement)),
  );
}

function somebodyWrites() {
  return [...parts(board).values()].some(inUse);
}

function tell(words) {
  const line = board.querySelector("[data-told]");
  if (line.textContent !== words) line.textContent = words;
  line.hidden = !words;
}

function count() {
  const lefts = [...board.querySelectorAll("[data-left]")];
  for (const left of lefts) {
    if (!ends.has(left)) ends.set(left, performance.now() + Number(left.dataset.left) * 1000);
    const seconds = (ends.get(left) - performance.now()) / 1000;
    const minutes = Math.ceil(seconds / 60);
    const { sayOver, sayMinute, sayMinutes } = board.dataset;
    const words = seconds <= 0 ? sayOver : minutes === 1 ? sayMinute : sayMinutes.replace("{n}", minutes);
    if (left.textContent !== words) left.textContent = words;
  }
  const over = lefts.filter((left) => ends.get(left) <= performance.now() && !asked.has(left));
  if (over.length || (behind && !somebodyWrites())) look(over);
}

// A part that is over gives way to the next one by itself, and nothing rings for that.
async function look(over) {
  behind = false;
  for (const left of over) asked.add(left);
  try {
    await draw();
  } catch {
    setTimeout(() => {
      behind = true;
      for (const left of over) asked.delete(left);
    }, AGAIN_AFTER);
  }
}

// The page comes anew, but not while somebody writes on it.
function comeAnew(words) {
  behind = somebodyWrites();
  if (!behind) location.reload();
  else if (words) tell(words);
}

const reached = (part) => [...part.querySelectorAll("a, button, summary")];

// Where somebody is with the keys, to be there again in what is drawn anew.
function placeIn(part) {
  const one = document.activeElement;
  if (!part.contains(one)) return null;
  return { label: one.getAttribute("aria-label"), value: one.value, at: reached(part).indexOf(one) };
}

function standAgain(part, { label, value, at }) {
  const all = reached(part);
  const same = all.find((one) => (label ? one.getAttribute("aria-label") === label : value && one.value === value));
  (same ?? all[at])?.focus({ preventScroll: true });
}

async function draw() {
  const answer = await fetch(board.dataset.board, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw answer;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-board]");
  if (!fresh) return;
  board.dataset.mark = fresh.dataset.mark;
  if (!fresh.dataset.live) return comeAnew(board.dataset.sayEnded); // the record is a page of its own kind
  const standing = parts(board);
  const newer = parts(fresh);
  const same = [...standing.keys()].sort().join() === [...newer.keys()].sort().join();
  if (!same) comeAnew();
  for (const [name, part] of newer) {
    const old = standing.get(name);
    const markup = part.innerHTML;
    if (!old || markup === sources.get(name)) continue;
    if (inUse(old)) {
      behind = true;
      continue;
    }
    for (const details of part.querySelectorAll("details[id]")) {
      details.open = Boolean(old.querySelector(`#${CSS.escape(details.id)}`)?.open);
    }
    sources.set(name, markup);
    const place = placeIn(old);
    old.replaceChildren(...part.childNodes);
    if (place) standAgain(old, place);
  }
  count();
}

async function listen() {
  while (board.dataset.live) {
    try {
      const address = `${board.dataset.live}?seen=${encodeURIComponent(board.dataset.mark)}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      const news = answer.ok ? await answer.json() : { again: AGAIN_AFTER };
      if (news.mark && news.mark !== board.dataset.mark) await draw();
      if (news.again) await new Promise((done) => setTimeout(done, news.again));
    } catch {
      await new Promise((done) => setTimeout(done, AGAIN_AFTER));
    }
  }
}

async function tap(form, button) {
  const fields = new FormData(form, button);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" } });
    if (answer.redirected) return comeAnew(board.dataset.sayNotSent); // signed out meanwhile
    tell(answer.ok ? "" : ((await answer.json()).error ?? ""));
    look([]);
  } catch {
    tell(board.dataset.sayNotSent);
  }
}

// A note, or a message: once it has arrived the form is empty again.
async function send(form, button) {
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const line = form.querySelector("[data-saved]");
  try {
    const fields = new URLSearchParams(new FormData(form, button));
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (answer.ok) {
      delete form.dataset.typed;
      line.textContent = form.dataset.saySent;
      form.reset();
      button.focus();
      if ("message" in form.dataset) look([]);
    } else line.textContent = told.error ?? "";
  } catch {
    line.textContent = board.dataset.sayNotSent;
  }
  delete form.dataset.sending;
  line.hidden = false;
}

if (board) {
  for (const [name, part] of parts(board)) sources.set(name, part.innerHTML);
  board.addEventListener("input", (event) => {
    const form = event.target.closest("[data-note], [data-message]");
    if (!form) return;
    const typed = new FormData(form);
    const chosen = "message" in form.dataset && typed.get("group");
    if (typed.has("tick") || typed.get("words") || chosen) form.dataset.typed = "yes";
    else delete form.dataset.typed;
  });
  board.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-note], [data-message]")) {
      event.preventDefault();
      send(form, event.submitter);
    } else if (form.matches("[data-tap]") && !form.action.endsWith("/run")) {
      event.preventDefault();
      tap(form, event.submitter);
    }
  });
  count();
  setInterval(count, 1000);
  listen();
}
