// What stands in the place of the camera's view while there is none: the Start button, or a trouble with its mend.
import { el } from "./dom.js";

/** One tap opens the camera, the sound and the wake lock: browsers give these only to a touch. */
export function startNotice(t, onStart) {
  return el("div", { class: "card" },
    el("button", { type: "button", id: "start", class: "main", onclick: onStart }, t("start")),
    el("p", {}, t("start_hint")));
}

/** A trouble in plain words, what to do about it, and the way to try again. Typing works meanwhile. */
export function troubleNotice(t, trouble, onAgain) {
  return el("div", { class: "card", role: "alert", "data-trouble": trouble },
    el("h1", {}, t(trouble)),
    el("p", {}, t(`${trouble}_next`)),
    el("button", { type: "button", class: "main", onclick: onAgain }, t("try_again")));
}
