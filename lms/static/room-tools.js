// Comforts of a room, each chosen by its reader and kept on this device: large type, a soft vibration when a phase begins or
// a trainer says something.
// While the role play goes on the screen stays awake, where the device can do that.
//
// Markup: [data-tools] with [data-big] and [data-vibrate] in #room; room.js says "room:shown" (also when the room is drawn
// anew) and "room:phase", said.js says "room:said".

const LARGE = "room large";
const VIBRATES = "room vibrates";
const SOFTLY = [60, 80, 60]; // milliseconds: on, off, on

function kept(place) {
  try {
    return Boolean(localStorage.getItem(place));
  } catch {
    return false; // storage is switched off on this device
  }
}

function keep(place, on) {
  try {
    if (on) localStorage.setItem(place, "yes");
    else localStorage.removeItem(place);
  } catch {
    // then it holds for this page alone
  }
}

const chosen = { [LARGE]: kept(LARGE), [VIBRATES]: kept(VIBRATES) };

function toggle(button, place, use) {
  const set = (on) => {
    chosen[place] = on;
    button.setAttribute("aria-pressed", String(on));
    use(on);
  };
  set(chosen[place]);
  button.addEventListener("click", () => {
    set(!chosen[place]);
    keep(place, chosen[place]);
  });
}

// True where there is something to stay awake for.
function show() {
  const room = document.getElementById("room");
  const tools = room.querySelector("[data-tools]");
  if (!tools) return false;
  tools.hidden = false;
  const vibrate = tools.querySelector("[data-vibrate]");
  vibrate.hidden = !navigator.vibrate;
  toggle(tools.querySelector("[data-big]"), LARGE, (on) => room.toggleAttribute("data-large", on));
  toggle(vibrate, VIBRATES, () => {});
  return true;
}

let awake = false; // whether the screen is to stay awake
let lock = null;

async function stayAwake(on) {
  awake = on;
  try {
    if (!on) {
      await lock?.release();
      lock = null;
    } else if (!document.hidden && (!lock || lock.released)) {
      lock = await navigator.wakeLock?.request("screen");
    }
  } catch {
    // the device saves its battery: then the screen goes dark as always
  }
}

document.addEventListener("room:shown", () => stayAwake(show()));
for (const heard of ["room:phase", "room:said"]) document.addEventListener(heard, () => chosen[VIBRATES] && navigator.vibrate?.(SOFTLY));
document.addEventListener("visibilitychange", () => awake && stayAwake(true)); // a hidden page loses its lock
