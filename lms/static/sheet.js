// A sheet after a round. What is typed stays on this device until it is given; what was given while there was no signal goes
// as soon as there is one, whatever page is open by then. On the page of a supporter, what others give appears by itself.
//
// Markup: <form data-sheet data-key data-say-phone data-say-waiting data-say-given> with a hidden "seen" and a line
// [data-saved]; <div data-received="address">, which is drawn anew. Forms may come and go while the page stays open.

const KEEP_AFTER = 400;
const TRY_AGAIN_AFTER = 10000;
const LOOK_AFTER = 8000;
const BEGINNING = "sheet:";

// -- what this device keeps: for each sheet what was typed, and once it was to be given, where to ---------------------

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function keep(key, copy) {
  try {
    localStorage.setItem(key, JSON.stringify(copy));
    return true;
  } catch {
    return false; // no storage: then the words are on the page alone
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // no storage, nothing to forget
  }
}

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(BEGINNING));
  } catch {
    return [];
  }
}

const typed = (form) => [...new FormData(form)].map(([name, value]) => [name, String(value)]);
const words = (fields) => JSON.stringify(fields.filter(([name, value]) => !["seen", "readers", "who", "run", "round", "pair", "seat", "for"].includes(name) && value));

function fill(form, fields) {
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden") continue;
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else field.value = values[0] ?? "";
  }
}

function say(form, state, sentence) {
  const line = form.querySelector("[data-saved]");
  line.hidden = false;
  line.dataset.state = state;
  line.textContent = sentence;
}

// -- a sheet on the page ----------------------------------------------------------------------------------------------

function begin(form) {
  if (form.dataset.begun) return;
  form.dataset.begun = "yes";
  const copy = kept(form.dataset.key);
  if (!copy || "unsaved" in form.dataset) return;
  if (words(copy.fields) === words(typed(form))) {
    forget(form.dataset.key);
    return;
  }
  fill(form, copy.fields);
  form.elements.seen.value = copy.fields.find(([name]) => name === "seen")?.[1] ?? "";
  say(form, "phone", copy.to ? form.dataset.sayWaiting : form.dataset.sayPhone);
}

const timers = new WeakMap();
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-sheet]");
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form.dataset.key, { fields: typed(form) }) && say(form, "phone", form.dataset.sayPhone), KEEP_AFTER));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-sheet]")) return;
  event.preventDefault();
  clearTimeout(timers.get(form));
  const copy = { fields: typed(form), to: form.action };
  keep(form.dataset.key, copy);
  give(form.dataset.key, copy);
});

// -- giving -----------------------------------------------------------------------------------------------------------

const underway = new Set();

async function give(key, copy) {
  if (underway.has(key)) return;
  underway.add(key);
  let answer, told;
  try {
    answer = await fetch(copy.to, {
      method: "POST",
      body: new URLSearchParams(copy.fields),
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout?.(20000),
    });
    told = await answer.json();
  } catch {
    told = {};
  }
  underway.delete(key);
  const form = document.querySelector(`form[data-sheet][data-key="${key}"]`);
  if (answer?.ok && told.given) given(key, copy, told, form);
  else if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 401) {
    keep(key, { fields: copy.fields }); // it cannot be given as it is; the words stay on this device
    if (form) say(form, "not-yet", told.error ?? form.dataset.sayPhone);
  } else if (form) say(form, "phone", form.dataset.sayWaiting);
}

function given(key, copy, told, form) {
  if (JSON.stringify(kept(key)?.fields) === JSON.stringify(copy.fields)) forget(key);
  if (!form) return;
  form.elements.seen.value = told.given;
  if (words(typed(form)) === words(copy.fields)) say(form, "here", form.dataset.sayGiven.replace("{time}", told.at));
  look();
}

function giveWhatWaits() {
  for (const key of keys()) {
    const copy = kept(key);
    if (copy?.to) give(key, copy);
  }
}

// -- what others give -------------------------------------------------------------------------------------------------

async function look() {
  for (const part of document.querySelectorAll("[data-received]")) {
    if (document.hidden || part.closest("[hidden]") || part.contains(document.activeElement)) continue;
    try {
      const answer = await fetch(part.dataset.received, { headers: { Accept: "text/html" } });
      if (!answer.ok) continue;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-received]");
      if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceWith(fresh);
    } catch {
      // no signal: the next look is soon
    }
  }
}

function beginAll() {
  for (const form of document.querySelectorAll("form[data-sheet]")) begin(form);
}

beginAll();
giveWhatWaits();
new MutationObserver(beginAll).observe(document.querySelector("main"), { childList: true, subtree: true });
window.addEventListener("online", giveWhatWaits);
setInterval(giveWhatWaits, TRY_AGAIN_AFTER);
setInterval(look, LOOK_AFTER);
