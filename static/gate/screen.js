// What the gate sees: the top line, the camera's view or a notice in its place, the verdict over all, three actions.
import { bilingual, el } from "./dom.js";
import { mark, shape } from "./icons.js";
import { play } from "./sound.js";
import { say } from "./words.js";

const $ = (id) => document.getElementById(id);
const TOAST_MS = 4_000;
const LONG_NAME = 26; // letters that no longer fit two lines of a phone at full size

/** Draws into the page. `onChange` is told when a verdict came or went. */
export function createScreen({ onChange }) {
  let shown = null;
  let timer = null;
  let toastTimer = null;
  const runs = new Map();

  /** Fills the whole screen with a verdict (see explain.js); the next one replaces it at once. */
  function show(view) {
    clearTimeout(timer);
    shown = view;
    const { verdict, reason, check, confirmed, scan } = view;
    Object.assign($("verdict").dataset, {
      verdict,
      reason: reason ?? "",
      check: check ?? "",
      confirmed: String(confirmed),
      scan: scan ?? "",
    });
    $("verdict").replaceChildren(...contents(view));
    $("app").dataset.look = view.look;
    play(view.look);
    onChange();
    if (view.seconds !== null) timer = setTimeout(dismiss, view.seconds * 1000);
  }

  /** Back to the quiet screen. */
  function dismiss() {
    clearTimeout(timer);
    if (shown === null) return;
    shown = null;
    Object.assign($("verdict").dataset, { verdict: "idle", reason: "", check: "", confirmed: "false", scan: "" });
    $("verdict").replaceChildren();
    $("app").dataset.look = "idle";
    onChange();
  }

  /** Puts something in the place of the camera's view. Only a new `key` draws anew: half-typed codes stay. */
  function notice(key, build) {
    if ($("notice").dataset.key === (key ?? "")) return;
    $("notice").dataset.key = key ?? "";
    $("notice").replaceChildren(...(key === null ? [] : [build()]));
    $("notice").hidden = key === null;
    $("view").hidden = key !== null;
  }

  /** At most three: [{key, icon, run}]. The same buttons stay in place, so that no tap falls between two drawings. */
  function actions(list, language) {
    for (const { key, run } of list) runs.set(key, run);
    const signature = [language, ...list.map(({ key }) => key)].join(" ");
    if ($("actions").dataset.signature === signature) return;
    $("actions").dataset.signature = signature;
    $("actions").replaceChildren(
      ...list.map(({ key, icon }) =>
        el("button", { type: "button", "data-action": key, onclick: () => runs.get(key)() }, mark(icon), el("span", {}, say(key, language)))),
    );
  }

  function toast(text) {
    clearTimeout(toastTimer);
    $("toast").textContent = text;
    $("toast").hidden = false;
    toastTimer = setTimeout(() => ($("toast").hidden = true), TOAST_MS);
  }

  // A tap anywhere but on a control takes the verdict away: gloves find no small cross.
  $("stage").addEventListener("click", ({ target }) => !target.closest("button, a, input") && dismiss());
  document.addEventListener("keydown", ({ key }) => key === "Escape" && !document.querySelector("dialog[open]") && dismiss());

  return { show, dismiss, notice, actions, toast, shown: () => shown };
}

/** The top line and the quiet screen's words. */
export function drawTop({ language, readiness, where, today, tally, contact, mode }) {
  const t = (key, values) => say(key, language, values);
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ur" ? "rtl" : "ltr";
  $("readiness").dataset.state = readiness;
  $("readiness").setAttribute("aria-label", `${t("status")}: ${t(readiness)}`);
  // Two pieces: a long gate name may be cut, the direction never.
  $("where").replaceChildren(...where.map((piece) => el("span", {}, piece)));
  $("today").textContent = today === null ? "" : t("today", { count: today.toLocaleString("en") });
  $("outbox").dataset.count = tally.count;
  $("outbox").hidden = tally.count === 0;
  $("outbox").textContent = t(contact === "offline" ? "offline_to_send" : "to_send", { count: tally.count });
  $("language").textContent = t("other_language");
  $("language").lang = language === "ur" ? "en" : "ur";
  $("prompt").textContent = t(mode === "look-up" ? "look_up_mode" : "show_badge");
  $("app").dataset.mode = mode;
}

function contents({ look, word, visitor, title, fact }) {
  const isLong = (visitor?.name ?? "").length > LONG_NAME;
  const person = [
    visitor?.name && el("p", { class: isLong ? "name long" : "name", dir: "auto" }, visitor.name),
    visitor?.nameUr && el("p", { class: "name urdu", lang: "ur", dir: "rtl" }, visitor.nameUr),
    visitor?.organisation && el("p", { class: "organisation", dir: "auto" }, visitor.organisation),
    visitor?.category && el("p", { class: "category" }, ...bilingual("span", "", visitor.category)),
    title && el("p", { class: "title" }, ...bilingual("span", "", title)),
    fact && el("p", { class: "fact" }, ...bilingual("span", "", fact)),
  ].filter(Boolean);
  return [
    el("div", { class: "head" }, shape(look), el("h1", {}, ...bilingual("span", "word", word))),
    // Much to say makes the head a single line, so that nothing must be scrolled to on a phone.
    ...(person.length > 0 ? [el("div", { class: person.length + 2 * isLong > 5 ? "body full" : "body" }, ...person)] : []),
  ];
}
