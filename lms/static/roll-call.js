// Roll call. Every tap counts at once, is kept on this device, and is forgotten here when the server has confirmed it.
// Without this script each tile is a form of its own and works too.
//
// Marks of a person are numbered. A tap names the one that it saw: over a newer one of somebody else the server writes
// nothing and tells how it stands (409). Taps are their maker's: where somebody else is signed in by now, they wait (401).
// What colleagues tap meanwhile is asked for every few seconds, while somebody looks at the page.

const DETAILS = ["minutes", "late_by", "note"];
const LOOK_AGAIN = 4000; // milliseconds
const tiles = document.querySelector(".tiles[data-who]");
const unsent = document.querySelector("[data-unsent]");
if (tiles) start();
if (unsent) offerUnsent();

// The register was closed while taps waited on this device: they are shown, and sent as corrections or put away.
function offerUnsent() {
  const place = `roll-call ${unsent.dataset.who} ${location.pathname}`;
  const [form, list, line] = ["form", "ul", "[role=status]"].map((part) => unsent.querySelector(part));
  let taps = [];
  try {
    taps = JSON.parse(localStorage.getItem(place)) ?? [];
  } catch {
    // Storage is switched off: nothing was kept.
  }
  show();

  function text(select, value) {
    return document.querySelector(`#${select} option[value="${CSS.escape(value)}"]`)?.text ?? "";
  }

  function show() {
    unsent.hidden = !taps.length;
    list.replaceChildren(...taps.map(([id, , fields]) => {
      const said = document.createElement("li");
      said.textContent = id ? `${text("enrolment", id)}: ${text("status", new URLSearchParams(fields).get("status"))}` : unsent.dataset.everyone;
      return said;
    }));
  }

  function keep(left) {
    taps = left;
    if (taps.length) localStorage.setItem(place, JSON.stringify(taps));
    else localStorage.removeItem(place);
  }

  async function send() {
    const refused = [];
    while (taps.length) {
      const body = new URLSearchParams(taps[0][2]);
      body.delete("restore"); // a correction says itself what it is
      body.set("why", form.elements.why.value);
      const headers = { Accept: "application/json", "X-Writer": unsent.dataset.who };
      const answer = await fetch(taps[0][1], { method: "POST", body, headers });
      const told = await answer.json();
      if ([401, 422, 429].includes(answer.status) || answer.status >= 500) throw { sentence: told.error };
      if (!answer.ok || told.error) refused.push(told.error);
      keep(taps.slice(1));
    }
    if (!refused.length) return location.reload();
    line.textContent = refused.join(" ");
    list.replaceChildren();
    form.hidden = true;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation(); // page.js holds second clicks back; what is not sent may be sent again
    if (event.submitter.dataset.away !== undefined) return keep([]), show();
    try {
      await send();
    } catch (problem) {
      show();
      line.textContent = problem.sentence ?? line.dataset.offline;
    }
  });
}

function start() {
  const line = document.querySelector(".roll-sum");
  const [sentence, saved] = line.querySelectorAll("[role=status] > span");
  const undoButton = line.querySelector("[data-undo]");
  const more = document.querySelector("[data-more]");
  const next = JSON.parse(tiles.dataset.next);
  const words = Object.fromEntries(Array.from(more.elements.status.options, (option) => [option.value, option.text]));
  const like = Object.fromEntries(Array.from(more.elements.status.options, (option) => [option.value, option.dataset.like ?? option.value]));
  const notHere = JSON.parse(tiles.dataset.notHere);
  const forms = new Map(Array.from(tiles.querySelectorAll("form"), (form) => [form.elements.enrolment.value, form]));
  const confirmed = new Map(Array.from(forms, ([id, form]) => [id, markOn(form)]));
  const own = new Map(); // numbers of the marks that taps of this page have made
  const who = tiles.dataset.who;
  const place = `roll-call ${who} ${location.pathname}`;

  // Taps the server has not confirmed, in their order: [enrolment or "" for everyone, address, fields, perhaps arrived]
  let waiting = recalled();
  const undoable = []; // for each tap, what it changed: [[enrolment, mark], ...]
  let sending = false;
  let typing = false; // in the form for all the rest
  let said = sentence.textContent;
  let newest = Number(tiles.dataset.newest); // rises with every mark
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

  function markOn(form) {
    const { now: status, sequence, minutes, late_by, note } = form.dataset;
    return { status, sequence, minutes, late_by, note };
  }

  function show(form, { status, ...rest }) {
    const tile = form.querySelector(".tile");
    const word = words[status];
    Object.assign(form.dataset, rest, { now: status });
    form.elements.status.value = next[status] ?? "here";
    tile.dataset.status = like[status] || "empty";
    tile.querySelector(".tile__state").textContent = word;
    tile.setAttribute("aria-label", `${tile.querySelector(".tile__name").textContent}, ${word}`);
    const offer = document.querySelector(`[data-offer="${form.elements.enrolment.value}"]`);
    if (offer) offer.hidden = !notHere.includes(like[status]);
  }

  // What the server confirmed, and over it what still waits.
  function showAll() {
    for (const [id, form] of forms) show(form, confirmed.get(id));
    for (const [id, , fields] of waiting) {
      const given = new URLSearchParams(fields);
      const mark = { status: given.get("status") ?? "here" };
      for (const name of DETAILS) mark[name] = given.get(name) ?? "";
      for (const form of meant(id)) show(form, mark);
    }
  }

  function meant(id) {
    const one = forms.get(id);
    return one ? [one] : id ? [] : [...forms.values()].filter((form) => !form.dataset.now);
  }

  function say() {
    const words = waiting.length ? line.dataset.waiting.replace("{n}", waiting.length) : said;
    const whole = trouble ? `${trouble} ${words}` : words;
    if (sentence.textContent !== whole) sentence.textContent = whole; // said aloud once
    saved.hidden = waiting.length > 0;
    line.dataset.state = waiting.length ? "phone" : "here";
    undoButton.hidden = !undoable.length;
  }

  // A tap over one that still waits has seen what that one saw. One that may have arrived is sent again before it.
  function tap(address, fields, seen) {
    const id = fields.get("enrolment") ?? "";
    const before = waiting.find((entry) => entry[0] === id);
    if (before) seen = new URLSearchParams(before[2]).get("seen");
    if (id) fields.set("seen", seen ?? confirmed.get(id)?.sequence ?? "");
    waiting = waiting.filter((entry, at) => entry[0] !== id || entry[3] || (sending && at === 0));
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
    const [id, address, fields] = waiting[0];
    waiting[0][3] ||= navigator.onLine;
    remember();
    const patience = new AbortController();
    const limit = setTimeout(() => patience.abort(), 10000);
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: "application/json", "X-Writer": who },
      signal: patience.signal,
    });
    clearTimeout(limit);
    const told = await answer.json();
    if (answer.status === 401 || answer.status === 429 || answer.status >= 500) throw { sentence: told.error };
    waiting.shift(); // confirmed, or refused for good
    remember();
    if (!answer.ok) trouble = `${trouble} ${told.error}`.trim();
    take(told);
    for (const [id, sequence] of Object.entries(told.mine ?? {})) buildOn(id, sequence);
  }

  // How all are marked. An answer that was overtaken by a newer one says nothing.
  function take(told) {
    if (!told.marks || told.newest < newest) return;
    ({ newest, summary: said } = told);
    for (const [id, mark] of Object.entries(told.marks)) if (forms.has(id)) confirmed.set(id, mark);
  }

  async function look() {
    if (document.hidden || !navigator.onLine || sending || waiting.length) return;
    const address = tiles.querySelector("form").getAttribute("action");
    try {
      const answer = await fetch(`${address}?since=${newest}`, { headers: { Accept: "application/json" } });
      if (answer.status >= 400 && answer.status < 500) clearInterval(looking); // no longer for us
      if (answer.status !== 200) return;
      take(await answer.json());
    } catch {
      return; // no network: the next look may find one
    }
    showAll();
    if (!sending && !waiting.length) say();
    fillIn(more.elements.enrolment.value);
  }

  // What waits for this person was tapped over the mark that has just been made.
  function buildOn(id, sequence) {
    own.set(id, sequence);
    for (const entry of waiting.filter((one) => one[0] === id)) {
      const fields = new URLSearchParams(entry[2]);
      fields.set("seen", sequence);
      entry[2] = fields.toString();
    }
  }

  function undo() {
    const address = tiles.querySelector("form").getAttribute("action");
    for (const [enrolment, { sequence, ...mark }] of undoable.pop() ?? []) {
      tap(address, new URLSearchParams({ enrolment, ...mark }), own.get(enrolment) ?? sequence);
    }
  }

  document.querySelector("main").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // page.js holds second clicks back; here every tap counts
    const fields = new FormData(event.target);
    const changed = meant(fields.get("enrolment") ?? "");
    undoable.push(changed.map((form) => [form.elements.enrolment.value, { ...markOn(form), restore: standing(form) }]));
    tap(event.target.getAttribute("action"), fields);
    if (event.target === more) typing = false;
    fillIn(more.elements.enrolment.value);
  });

  // The number of the mark that Undo brings back as it was, with words that this page may not know; "" where the mark
  // on the tile still waits.
  function standing(form) {
    const id = form.elements.enrolment.value;
    const waits = waiting.some(([one]) => one === id || (!one && !confirmed.get(id).status));
    return waits ? "" : form.dataset.sequence;
  }

  // The form for all the rest begins with what stands, so that saving it takes nothing away unseen.
  function fillIn(id) {
    if (!typing) more.reset();
    more.elements.enrolment.value = id;
    const { status, ...details } = markOn(forms.get(id));
    if (typing || !DETAILS.some((name) => details[name])) return;
    more.elements.status.value = status;
    for (const name of DETAILS) more.elements[name].value = details[name];
  }

  more.addEventListener("input", (event) => {
    if (event.target === more.elements.enrolment) fillIn(event.target.value);
    else typing = true;
  });
  tiles.addEventListener("focusin", (event) => fillIn(event.target.form.elements.enrolment.value));

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
  const looking = setInterval(look, LOOK_AGAIN);
  if (waiting.length) {
    showAll();
    say();
    send();
  }
}
