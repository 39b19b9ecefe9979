// What stands in the place of the camera's view while there is none: the Start button, or a trouble with its mend.
import { el } from "./dom.js";
import { shape } from "./icons.js";
import { numberField } from "./shift.js";

/** One tap opens the camera, the sound and the wake lock: browsers give these only to a touch. `onStart` gets the staff number. */
export function startNotice(t, { staff = "", onStart }) {
  const field = numberField("staff", staff);
  return el("form", { class: "card", onsubmit: (event) => (event.preventDefault(), onStart(field.value)) },
    el("button", { type: "submit", id: "start", class: "main" }, t("start")),
    el("p", {}, t("start_hint")),
    el("div", { class: "split" }, el("label", { for: "staff" }, t("staff_optional")), field));
}

/** The trouble that stands in the way now, gravest first; null when there is none. Its name is a text of words.js. */
export function troubleOf({ stored, wiped = false, clockImpossible = false, closedGate = null, decoder, camera }) {
  if (!stored) return "storage_full";
  if (wiped) return "storage_wiped";
  if (clockImpossible) return "clock_blocked";
  if (closedGate !== null) return "gate_closed";
  if (decoder === "failed") return "decoder_failed";
  return camera === "idle" || camera === "running" ? null : `camera_${camera}`;
}

/** A trouble in plain words, what to do about it step by step, and a button that goes on. `values` are put into the words. */
export function troubleNotice(t, trouble, onAgain, values = {}) {
  const address = `https://${location.hostname}${location.pathname}`;
  return el("div", { class: "card", role: "alert", "data-trouble": trouble },
    shape(isGrave(trouble) ? "refused" : "check", isGrave(trouble) ? "shape grave" : "shape"),
    el("h1", {}, t(trouble, values)),
    steps(t(nextOf(trouble))),
    trouble === "camera_insecure" && el("a", { href: address, dir: "ltr" }, address),
    el("button", { type: "button", class: "main", onclick: onAgain }, t(GO_ON[trouble] ?? "try_again")));
}

const GO_ON = { storage_wiped: "understood", gate_closed: "no_gate" };

// Nothing may be scanned until it is mended.
function isGrave(trouble) {
  return trouble.startsWith("storage_") || trouble.startsWith("clock_") || trouble === "gate_closed";
}

// Several steps are told as a list, one a line.
function steps(text) {
  const lines = text.split("\n");
  return lines.length === 1 ? el("p", {}, text) : el("ol", {}, ...lines.map((line) => el("li", {}, line)));
}

// Each browser hides its permission somewhere else.
function nextOf(trouble) {
  if (trouble !== "camera_refused") return `${trouble}_next`;
  const agent = navigator.userAgent;
  if (/Firefox|FxiOS/.test(agent)) return "camera_refused_firefox";
  if (/Safari/.test(agent) && !/Chrom|Android|Edg/.test(agent)) return "camera_refused_safari";
  return "camera_refused_next";
}
