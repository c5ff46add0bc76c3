// Signing in again on top of a page, so that what is written there stays. A page script that meets a 401 tells it with
// the event "signed-out"; when the same person is back, "signed-in" is told to everybody.
//
// Markup: <dialog data-sign-in data-who data-say-other data-say-away> with a form (email, password).

const dialog = document.querySelector("dialog[data-sign-in]");
let dismissed = false;

if (dialog) {
  const form = dialog.querySelector("form");
  const fault = dialog.querySelector("[data-fault]");
  const again = document.querySelector("[data-sign-in-again]");

  document.addEventListener("signed-out", () => {
    again.hidden = false;
    if (!dismissed && !dialog.open) open();
  });
  document.addEventListener("signed-in", () => {
    dismissed = false;
    again.hidden = true;
    if (dialog.open) dialog.close();
  });
  again.addEventListener("click", open);
  dialog.addEventListener("close", () => (dismissed = true));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget === "_blank") return; // the link by mail goes its own way, in a tab of its own
    event.preventDefault();
    signIn();
  });

  function open() {
    fault.hidden = true;
    dialog.showModal();
  }

  async function signIn() {
    let told = {};
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers });
      told = await answer.json();
    } catch {
      told = { error: dialog.dataset.sayAway };
    }
    form.elements.password.value = "";
    if (String(told.who) === dialog.dataset.who) document.dispatchEvent(new Event("signed-in"));
    else {
      fault.textContent = told.who ? dialog.dataset.sayOther : told.error;
      fault.hidden = false;
      form.elements.password.focus();
    }
  }
}
