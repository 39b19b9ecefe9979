// "The server said otherwise": what was shown at the gate was not what the server judged. Loud, but in nobody's way.
import { bilingual, el } from "./dom.js";
import { play } from "./sound.js";
import { both, hasWord } from "./words.js";

/** The word for what was said of a scan: its reason when refused, else its verdict. Names a text of words.js. */
export function wordOf({ verdict, reason = null, check = null }) {
  if (verdict === "refused") return hasWord(reason ?? "") ? reason : "refused";
  return check === "too_soon" ? "check" : verdict;
}

/** "Shown: Welcome · Server: Old badge" in both languages. */
export function otherwiseText(shown, judged) {
  return both("shown_and_judged", { shown: both(wordOf(shown)), judged: both(wordOf(judged)) });
}

/** Notices that stay in `place` until they are put away one by one. `t` says words in the page's language. */
export function createOtherwise(place, t) {
  const queue = [];

  /** `shown` and `judged` are {verdict, reason, check}; `name` may be empty, `fact` {en, ur} may be null. */
  function add({ name, shown, judged, fact = null }) {
    queue.push({ name, fact, text: otherwiseText(shown, judged) });
    play("otherwise");
    draw();
  }

  function draw() {
    place.hidden = queue.length === 0;
    if (queue.length === 0) return place.replaceChildren();
    const [{ name, text, fact }] = queue;
    return place.replaceChildren(...[
      el("h2", {}, ...bilingual("span", "", both("otherwise"))),
      name && el("p", { class: "who", dir: "auto" }, name),
      el("p", { class: "more" }, ...bilingual("span", "", text)),
      fact && el("p", { class: "more" }, ...bilingual("span", "", fact)),
      el("button", { type: "button", class: "main", "data-action": "understood", onclick: putAway },
        t("understood"), queue.length > 1 && ` (${queue.length})`),
    ].filter(Boolean));
  }

  function putAway() {
    queue.shift();
    draw();
  }

  return { add, draw };
}
