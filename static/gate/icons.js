// One shape for each verdict, so that a black-and-white eye at three metres still tells them apart.
import { svg } from "./dom.js";

const LINE = { fill: "none", "stroke-width": 9, "stroke-linecap": "round", "stroke-linejoin": "round" };

/** The big shape of a verdict: tick in a circle, arrow in a square, cross in an octagon, triangle, arrow in a circle. */
export function shape(look, name = "shape") {
  const drawing = svg("svg", { viewBox: "0 0 100 100", class: name, "aria-hidden": "true" });
  drawing.append(...SHAPES[look]());
  return drawing;
}

/** The small marks of buttons. */
export function mark(name) {
  const drawing = svg("svg", { viewBox: "0 0 24 24", class: "mark", "aria-hidden": "true" });
  drawing.append(...MARKS[name].map((d) => svg("path", { d })));
  return drawing;
}

const SHAPES = {
  admitted: () => [disc(), line("M29 52 44 67 72 36")],
  "re-entry": () => [
    svg("rect", { x: 4, y: 4, width: 92, height: 92, rx: 16, class: "ground" }),
    line("M71 51a22 22 0 1 1-9-18"),
    svg("path", { d: "M54 16 76 31 54 46z", class: "figure" }),
  ],
  refused: () => [
    svg("path", { d: "M30 3h40l27 27v40l-27 27h-40l-27-27v-40z", class: "ground" }),
    line("M36 36 64 64M64 36 36 64"),
  ],
  check: () => [
    svg("path", { d: "M50 8 96 90H4z", class: "ground", "stroke-linejoin": "round", "stroke-width": 7 }),
    line("M50 37V60"),
    svg("circle", { cx: 50, cy: 76, r: 5.5, class: "figure" }),
  ],
  left: () => [disc(), line("M27 50H71M54 33 72 50 54 67")],
  asking: () => [disc(), ...[32, 50, 68].map((cx) => svg("circle", { cx, cy: 50, r: 6, class: "figure" }))],
  "look-up": () => [
    svg("circle", { cx: 43, cy: 43, r: 30, class: "ring", fill: "none", "stroke-width": 9 }),
    svg("path", { d: "M66 66 90 90", class: "ring", "stroke-width": 11, "stroke-linecap": "round" }),
  ],
};

const MARKS = {
  keys: ["M4 7h16v10H4z", "M7 10h.01M10.5 10h.01M14 10h.01M17 10h.01M8 14h8"],
  search: ["M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z", "M15.5 15.5 20 20"],
  list: ["M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01"],
  undo: ["M9 6 4 11l5 5", "M4 11h10a6 6 0 0 1 0 12"],
  open: ["M6 20V5l8-2v19z", "M14 5h4v15h-4M11 12h.01"],
  gear: ["M12 8.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z", "M12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1"],
  muted: ["M4 9.5v5h3.5L12 19V5L7.5 9.5z", "M16 9.5l5 5M21 9.5l-5 5"],
  light: ["M9 18h6M10 21h4", "M12 3a6 6 0 0 1 3.5 10.9V16h-7v-2.1A6 6 0 0 1 12 3z"],
};

function disc() {
  return svg("circle", { cx: 50, cy: 50, r: 47, class: "ground" });
}

function line(d) {
  return svg("path", { d, class: "figure-line", ...LINE });
}
