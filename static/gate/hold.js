// A button that acts when it is held for a second: an undo must not happen by a sleeve.
// Who cannot hold has two other ways: a tool that only clicks is taken at its word, and a short tap offers the plain way.
import { el, svg } from "./dom.js";
import { nudge } from "./sound.js";

const HOLD_MS = 1_000;

/**
 * A button to be held by a finger, by Enter or by Space. `pick()` is asked at the first touch what holding will do, so
 * that a badge which comes meanwhile cannot change whom it is about. `onShort(run)` hears of a tap that was too short.
 */
export function holdButton(attributes, content, { pick, onShort }) {
  let timer = null;
  let run = null;
  let isFinger = false; // a pointer came first, so the click that follows is no tool's
  const ring = svg("svg", { viewBox: "0 0 44 44", class: "hold-ring", "aria-hidden": "true" }, svg("circle", { cx: 22, cy: 22, r: 19, pathLength: 100 }));
  const button = el("button", {
    type: "button", ...attributes,
    onpointerdown: ({ button: which }) => which === 0 && ((isFinger = true), begin()),
    onpointerup: end, onpointerleave: end, onpointercancel: end, onblur: end,
    oncontextmenu: (event) => event.preventDefault(),
    onclick: click,
    onkeydown: (event) => isPress(event) && (event.preventDefault(), event.repeat || begin()),
    onkeyup: (event) => isPress(event) && (event.preventDefault(), timer !== null && short(), end()), // so no click follows a key
  }, ring, content);
  return button;

  function begin() {
    end();
    run = pick();
    button.dataset.holding = "";
    timer = setTimeout(() => {
      end();
      const meant = button.isConnected ? run : null;
      run = null;
      isFinger = false; // what was held has opened a dialog: no click comes
      nudge();
      meant?.();
    }, HOLD_MS);
  }

  function end() {
    clearTimeout(timer);
    timer = null;
    delete button.dataset.holding;
  }

  function click() {
    const wasFinger = isFinger;
    isFinger = false;
    if (!wasFinger) pick()();
    else if (run !== null) short();
  }

  function short() {
    const meant = run;
    run = null;
    if (meant !== null) onShort(meant);
  }
}

function isPress({ key }) {
  return key === "Enter" || key === " ";
}
