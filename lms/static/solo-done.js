// The page after the end of a practice: what was sent has arrived, so this device forgets the way and the own lines.
//
// Markup: [data-solo-done], with what solo.js keeps them under.

try {
  localStorage.removeItem(`solo:${document.querySelector("[data-solo-done]").dataset.soloDone}`);
} catch {
  // nothing is there
}
history.replaceState(null, "", location.pathname); // looking at the page again forgets nothing new
