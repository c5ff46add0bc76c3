// The trainers' board keeps itself up to date: one long request waits for news, and what changed is drawn anew, but never
// what somebody writes in. Between two looks it counts the time by itself. Without script the page comes anew every 20 seconds.
//
// Markup: [data-board="address of the changing part"][data-live][data-mark][data-say-*]; inside it [data-part] by name,
// [data-left] with seconds, [data-tap] forms that are one tap, [data-note] forms with a line [data-saved].

const AGAIN_AFTER = 2000;
const board = document.querySelector("[data-board]");
let drawn = performance.now();

function parts(root) {
  return new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
}

// Somebody is writing there, or has ticked something that is not sent.
function inUse(part) {
  return [...part.querySelectorAll("[data-note]")].some((form) => form.dataset.typed || form.contains(document.activeElement));
}

function count() {
  const passed = (performance.now() - drawn) / 1000;
  for (const left of board.querySelectorAll("[data-left]")) {
    const seconds = Number(left.dataset.left) - passed;
    const minutes = Math.ceil(seconds / 60);
    const { sayOver, sayMinute, sayMinutes } = board.dataset;
    const words = seconds <= 0 ? sayOver : minutes === 1 ? sayMinute : sayMinutes.replace("{n}", minutes);
    if (left.textContent !== words) left.textContent = words;
  }
}

async function draw() {
  const answer = await fetch(board.dataset.board, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-board]");
  if (!fresh) return;
  if (!fresh.dataset.live) {
    location.reload(); // it is over: the record is a page of its own kind
    return;
  }
  const standing = parts(board);
  const newer = parts(fresh);
  const same = [...standing.keys()].sort().join() === [...newer.keys()].sort().join();
  if (!same && ![...standing.values()].some(inUse)) {
    location.reload();
    return;
  }
  for (const [name, part] of newer) {
    const old = standing.get(name);
    if (!old || inUse(old)) continue;
    for (const details of part.querySelectorAll("details[id]")) {
      details.open = Boolean(old.querySelector(`#${CSS.escape(details.id)}`)?.open);
    }
    const focused = old.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    old.replaceWith(part);
    if (focused) [...part.querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label") === focused)?.focus();
  }
  board.dataset.mark = fresh.dataset.mark;
  drawn = performance.now();
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
    if (answer.ok) await draw();
    else location.reload();
  } catch {
    form.submit(); // the browser itself says that there is no network
  }
}

async function noteIt(form) {
  const line = form.querySelector("[data-saved]");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
    const told = await answer.json();
    line.hidden = false;
    if (answer.ok) {
      delete form.dataset.typed;
      line.textContent = form.dataset.sayNoted;
      form.reset();
      form.querySelector("button").focus();
    } else line.textContent = told.sentence ?? "";
  } catch {
    form.submit();
  }
}

if (board) {
  board.addEventListener("input", (event) => {
    const form = event.target.closest("[data-note]");
    if (form) form.dataset.typed = "yes";
  });
  board.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-note]")) {
      event.preventDefault();
      noteIt(form);
    } else if (form.matches("[data-tap]") && event.submitter?.value !== "end") {
      event.preventDefault();
      tap(form, event.submitter);
    }
  });
  setInterval(count, 1000);
  listen();
}
