// Practice for one. The page works without this: the address after # says which moment is shown. Here are the comforts:
// own lines are kept on this device until the page after (solo-done.js), the focus follows, and the way can be shared at the end.
//
// Markup: [data-solo][data-start] holds sections [data-moment] with textareas [data-own] and links [data-choice]; after a
// choice #did-<moment>-<number> shows its answer, with a link [data-on] to what follows.

const page = document.querySelector("[data-solo]");
const key = `solo:${page.dataset.solo}`;
const walked = remembered(); // {own: {moment: line}, chosen: {moment: number}}

function remembered() {
  try {
    return { own: {}, chosen: {}, ...JSON.parse(localStorage.getItem(key)) };
  } catch {
    return { own: {}, chosen: {} };
  }
}

function remember() {
  try {
    localStorage.setItem(key, JSON.stringify(walked));
  } catch {
    // no storage on this device: the line stays as long as the page does
  }
}

for (const moment of page.querySelectorAll("[data-moment]")) {
  const { moment: name } = moment.dataset;
  const own = moment.querySelector("[data-own]");
  if (own) {
    own.value = walked.own[name] ?? "";
    own.addEventListener("input", () => {
      walked.own[name] = own.value;
      remember();
    });
  }
  for (const link of moment.querySelectorAll("[data-choice]")) {
    link.addEventListener("click", () => {
      walked.chosen[name] = Number(link.dataset.choice);
      remember();
    });
  }
}

// The moments from the start to here, as they were chosen last.
function way() {
  const steps = [];
  let at = page.dataset.start;
  while (at in walked.chosen) {
    steps.push([at, walked.chosen[at]]);
    at = document.getElementById(`did-${at}-${walked.chosen[at]}`)?.querySelector("[data-on]").dataset.on;
  }
  return steps;
}

// A new part of the conversation: the reader's place is there.
addEventListener("hashchange", () => {
  const step = document.getElementById(location.hash.slice(1));
  if (!step?.classList.contains("solo__step")) return;
  for (const choices of step.querySelectorAll("details")) choices.open = !step.querySelector("[data-own]");
  step.focus({ preventScroll: true });
  step.scrollIntoView({ block: "nearest" });
});

for (const form of page.querySelectorAll("[data-solo-form]")) {
  form.querySelector("[data-with-path]").hidden = false;
  addEventListener("online", () => (form.querySelector("[data-offline]").hidden = true));
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      const says = form.querySelector("[data-offline]");
      says.textContent = form.dataset.sayOffline;
      says.hidden = false;
      says.scrollIntoView({ block: "center" });
      return;
    }
    if (event.submitter?.value === "share") {
      const steps = way();
      form.elements.path.value = steps.map(([, number]) => number).join("-");
      for (const [index, [moment]] of steps.entries()) {
        const line = document.createElement("input");
        line.type = "hidden";
        line.name = `own-${index}`;
        line.value = walked.own[moment] ?? "";
        form.append(line);
      }
    }
  });
}
