// Buttons that copy a line, for instance for the chat of a meeting tool. Without script they are not there.
//
// Markup: [data-copy="what to copy"], or [data-copy-from="id of a field"] for what stands in it; [data-say-copied] and
// [data-say-not-copied] are the button's word for a moment, and are said in [data-copied role=status].

const MOMENT = 2000;

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByHand(text); // the address is not a secure one, or the browser does not allow it
  }
}

function copiedByHand(text) {
  const held = document.activeElement;
  const sheet = document.createElement("textarea");
  sheet.value = text;
  sheet.className = "visually-hidden";
  document.body.append(sheet);
  sheet.select();
  const done = document.execCommand("copy");
  sheet.remove();
  held?.focus();
  return done;
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copyFrom);
  const text = (field ? field.value : button.dataset.copy).trim();
  if (!text) return field?.focus();
  const word = (button.dataset.word ??= button.textContent);
  button.textContent = (await copied(text)) ? button.dataset.sayCopied : button.dataset.sayNotCopied;
  const line = document.querySelector("[data-copied]");
  if (line) line.textContent = button.textContent;
  setTimeout(() => {
    button.textContent = word;
    if (line) line.textContent = "";
  }, MOMENT);
}

function offer() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
offer();
new MutationObserver(offer).observe(document.body, { childList: true, subtree: true });
