// What a trainer said to the groups can be put away, on this phone alone and until the next message. Without script it stands
// on the page until then.
//
// Markup: in #room one [data-said="number"] with a button [data-put-away]; room.js puts in what is new, and may draw the whole
// room anew.

const PLACE = "room said";
let putAway = "";
try {
  putAway = sessionStorage.getItem(PLACE) ?? "";
} catch {
  // storage is switched off on this device: then it holds for this page alone
}

function show() {
  for (const said of document.querySelectorAll("#room [data-said]")) {
    said.hidden = said.dataset.said === putAway;
    said.querySelector("[data-put-away]").hidden = false;
  }
}

function putItAway(said) {
  putAway = said.dataset.said;
  try {
    sessionStorage.setItem(PLACE, putAway);
  } catch {
    // as above
  }
  show();
  const heading = document.querySelector("#room h1"); // whoever was at the button is at what says where they are
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

const main = document.querySelector("main");
main.addEventListener("click", (event) => event.target.closest("[data-put-away]") && putItAway(event.target.closest("[data-said]")));
new MutationObserver(show).observe(main, { childList: true, subtree: true });
show();
