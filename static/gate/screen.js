// What the gate sees: the top line, the camera's view or a notice in its place, the verdict over all, three actions.
import { bilingual, el } from "./dom.js";
import { holdButton } from "./hold.js";
import { mark, shape } from "./icons.js";
import { createOtherwise } from "./otherwise.js";
import { play } from "./sound.js";
import { both, say } from "./words.js";

const $ = (id) => document.getElementById(id);
const TOAST_MS = 4_000;
const CHOICE_MS = 12_000; // a toast with a button in it: long enough for a keyboard or a screen reader to come there
const LONG_NAME = 26; // letters that no longer fit two lines of a phone at full size

/** Draws into the page. `onChange` is told when a verdict came or went; `language()` is the page's own. */
export function createScreen({ onChange, language = () => document.documentElement.lang }) {
  let shown = null;
  let timer = null;
  let toastTimer = null;
  const runs = new Map();
  const bar = $("toast");
  const t = (key, values) => say(key, language(), values);
  const notices = createOtherwise($("otherwise"), t);

  /**
   * Fills the whole screen with a verdict (see explain.js); the next one replaces it at once. A quiet one confirms the
   * last: no sound, no more time, no second word to a screen reader.
   */
  function show(view, { isQuiet = false } = {}) {
    if (!isQuiet) clearTimeout(timer);
    if (shown?.scan !== view.scan) takeOfferAway();
    shown = view;
    const { verdict, reason, check, confirmed, scan } = view;
    Object.assign($("verdict").dataset, {
      verdict,
      reason: reason ?? "",
      check: check ?? "",
      confirmed: String(confirmed),
      scan: scan ?? "",
    });
    $("verdict").setAttribute("aria-live", isQuiet || view.look === "asking" ? "off" : "assertive");
    $("verdict").replaceChildren(...contents(view));
    $("app").dataset.look = view.look;
    if (!isQuiet) play(view.look);
    onChange();
    if (!isQuiet && view.seconds !== null) timer = setTimeout(fade, view.seconds * 1000);
  }

  // Nothing goes away under a finger that is just holding a button.
  function fade() {
    if ($("actions").querySelector("[data-holding]")) timer = setTimeout(fade, 300);
    else dismiss();
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

  /** At most three: [{key, icon, run, isHeld}]. The same buttons stay in place, so that no tap falls between two drawings. */
  function actions(list, language) {
    for (const { key, run } of list) runs.set(key, run);
    const signature = [language, ...list.map(({ key }) => key)].join(" ");
    if ($("actions").dataset.signature === signature) return;
    $("actions").dataset.signature = signature;
    $("actions").replaceChildren(...list.map(({ key, icon, isHeld }) => {
      const content = [mark(icon), el("span", {}, say(key, language))];
      if (isHeld) return holdButton({ "data-action": key }, content, { pick: () => withoutOffer(runs.get(key)), onShort: offerPlainly });
      return el("button", { type: "button", "data-action": key, onclick: () => runs.get(key)() }, ...content);
    }));
  }

  /** A line over everything, an open dialog too: a text or {en, ur}; `choice` {text, run} puts a button beside it. */
  function toast(text, choice = null) {
    clearTimeout(toastTimer);
    (document.querySelector("dialog[open]") ?? $("stage")).append(bar); // outside an open dialog nothing can be tapped
    const button = choice && el("button", { type: "button", onclick: () => ((bar.hidden = true), choice.run()) }, choice.text);
    bar.replaceChildren(...(typeof text === "string" ? [text] : bilingual("span", "", text)), ...(button ? [button] : []));
    bar.hidden = false;
    toastTimer = setTimeout(() => (bar.hidden = true), choice ? CHOICE_MS : TOAST_MS);
  }

  // An offer that belongs to one verdict must not outlive it.
  function takeOfferAway() {
    if (bar.querySelector("button")) bar.hidden = true;
  }

  function withoutOffer(run) {
    return () => (takeOfferAway(), run());
  }

  /** What a tap that was too short for a held button gets: how it is done, and the way without holding. */
  function offerPlainly(run) {
    toast(t("hold_hint"), { text: t("hold_instead"), run });
  }

  // A tap anywhere but on a control takes the verdict away: gloves find no small cross.
  $("stage").addEventListener("click", ({ target }) => !target.closest("button, a, input") && dismiss());
  document.addEventListener("keydown", ({ key }) => key === "Escape" && !document.querySelector("dialog[open]") && (takeOfferAway(), dismiss()));

  return { show, dismiss, notice, actions, toast, offerPlainly, otherwise: notices.add, redraw: notices.draw, shown: () => shown };
}

/** The top line and the quiet screen's words. */
export function drawTop({ language, readiness, where, today, tally, contact, mode, isMuted = false }) {
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
  $("preferences").setAttribute("aria-label", isMuted ? `${t("preferences")}: ${t("muted")}` : t("preferences"));
  const sign = $("preferences").firstChild;
  if (sign === null || $("preferences").dataset.muted !== String(isMuted)) $("preferences").replaceChildren(mark(isMuted ? "muted" : "gear"));
  $("preferences").dataset.muted = isMuted;
  $("language").textContent = t("other_language");
  $("language").lang = language === "ur" ? "en" : "ur";
  $("prompt").textContent = t(mode === "look-up" ? "look_up_mode" : "show_badge");
  $("app").dataset.mode = mode;
}

function contents({ look, word, visitor, title, fact, verdict, confirmed }) {
  const isLong = (visitor?.name ?? "").length > LONG_NAME;
  const person = [
    visitor?.name && el("p", { class: isLong ? "name long" : "name", dir: "auto" }, visitor.name),
    visitor?.nameUr && el("p", { class: "name urdu", lang: "ur", dir: "rtl" }, visitor.nameUr),
    visitor?.organisation && el("p", { class: "organisation", dir: "auto" }, visitor.organisation),
    visitor?.category && el("p", { class: "category" }, ...bilingual("span", "", visitor.category)),
    title && el("p", { class: "title" }, ...bilingual("span", "", title)),
    fact && el("p", { class: "fact" }, ...bilingual("span", "", fact)),
    !confirmed && verdict !== "idle" && el("p", { class: "unconfirmed" }, ...bilingual("span", "", both("unconfirmed"))),
  ].filter(Boolean);
  return [
    el("div", { class: "head" }, shape(look), el("h1", {}, ...bilingual("span", "word", word))),
    // Much to say makes the head a single line, so that nothing must be scrolled to on a phone.
    ...(person.length > 0 ? [el("div", { class: person.length + 2 * isLong > 5 ? "body full" : "body" }, ...person)] : []),
  ];
}
