// Small comforts that every page shares. Nothing here is needed to use a page.

// After a form came back with something to look at, begin there.
document.querySelector("[data-focus]")?.focus();

// The page after something that was too large says that the words are on this device, where the editor kept them.
for (const line of document.querySelectorAll("[data-kept]")) {
  try {
    line.hidden = !Object.keys(localStorage).some((key) => key.startsWith(line.dataset.kept));
  } catch {
    // no storage on this device: then nothing is on it
  }
}

// A double click on a button that sends a form is one sending.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  setTimeout(() => delete form.dataset.sending, 4000);
});

// Menus close when one goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
