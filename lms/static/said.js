// What a trainer said to the groups can be put away, on this phone alone and until the next message. Without script it stands
// on the page until then.
//
// Markup: in #room one [data-said="number"] with a button [data-put-away]; room.js puts in what is new, also a whole room.
// Says "room:said" when something new stands there.

const PLACE = "room said";
let putAway = "";
let last; // the number of what was shown last; nothing before the first look
try {
  putAway = sessionStorage.getItem(PLACE) ?? "";
} catch {
  // storage is switched off on this device: then it holds for this page alone
}

function show() {
  const said = document.querySelector("#room [data-said]");
  const number = said?.dataset.said ?? "";
  if (said) {
    said.hidden = number === putAway;
    said.querySelector("[data-put-away]").hidden = false;
  }
  if (last !== undefined && number && number !== last) document.dispatchEvent(new CustomEvent("room:said"));
  last = number || last || "";
}

document.addEventListener("click", (event) => {
  const said = event.target.closest("[data-put-away]")?.closest("[data-said]");
  if (!said) return;
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
});
show();
new MutationObserver(show).observe(document.body, { childList: true, subtree: true });
