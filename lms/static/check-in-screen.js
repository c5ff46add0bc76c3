// The screen with the word of a class: when the word's time is over, the next one is fetched. Without this script the
// page reloads itself.

const AGAIN = 5; // seconds, where the host did not answer
const shown = () => document.querySelector(".check-in");
if (shown()) wait(Number(shown().dataset.seconds));

function wait(seconds) {
  setTimeout(next, seconds * 1000 + 300);
}

async function next() {
  try {
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".check-in");
    if (!fresh) return location.reload(); // closed by now, or signed out: the page says it
    shown().replaceWith(fresh);
    wait(Number(fresh.dataset.seconds));
  } catch {
    wait(AGAIN);
  }
}
