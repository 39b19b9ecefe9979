// Dialogs that only show or choose: the last ten, a looked-up badge, the gates, how the tablet is.
import { choices, openDialog } from "./dialog.js";
import { bilingual, el } from "./dom.js";
import { visitorOf } from "./explain.js";
import { holdButton } from "./hold.js";
import { mark, shape } from "./icons.js";
import { otherwiseText, wordOf } from "./otherwise.js";
import { isOtherwise } from "./owed.js";
import { formatShortCode, parseToken } from "./token.js";
import { hasWord } from "./words.js";

const LAMPS = { ready: "admitted", degraded: "check", blocked: "refused" };

/** The last scans; `who` knows the names that this session has seen, `canUndo` whether there is still time. */
export function openRecent(t, scans, { place, who, canUndo, onUndo, onShort }) {
  const rows = scans.map((scan) => scanRow(t, scan, { place, who },
    canUndo(scan) && holdButton({ class: "held", "data-action": "undo" }, [mark("undo"), t("undo")], { pick: () => () => onUndo(scan), onShort })));
  const body = rows.length > 0 ? [el("ol", { class: "recent" }, ...rows)] : [el("p", {}, t("nothing_yet"))];
  return openDialog(t, { id: "recent", title: t("last_ten"), body });
}

/** The scans of which the server said otherwise than the screen had. */
export function openOtherwise(t, scans, { place, who }) {
  const rows = scans.map((scan) => scanRow(t, scan, { place, who }));
  const body = rows.length > 0 ? [el("p", {}, t("otherwise_hint")), el("ol", { class: "recent" }, ...rows)] : [el("p", {}, t("otherwise_none"))];
  return openDialog(t, { id: "said-otherwise", title: t("otherwise"), body });
}

function scanRow(t, scan, { place, who }, more = null) {
  const language = document.documentElement.lang;
  return el("li", { "data-verdict": scan.verdict ?? "waiting", "data-otherwise": isOtherwise(scan) },
    el("span", { class: "time" }, place.time(scan.at ?? new Date(scan.wall).toISOString())),
    el("span", { class: "who", dir: "auto" }, who(scan) ?? codeOf(scan)),
    el("span", { class: "chip" }, chipOf(t, scan)),
    isOtherwise(scan) && el("span", { class: "flag" }, otherwiseText(scan.shown, scan)[language]),
    more);
}

/** Who a badge belongs to and where it was: a dialog that says on its face that nobody was let in. */
export function openLookUp(t, answer, place) {
  if (answer === null) return openDialog(t, { id: "look-up", tone: "look-up", title: t("look_up"), body: [el("p", {}, t("look_up_failed"))] });
  const visitor = visitorOf(answer.visitor);
  const { badge, scans, reading } = answer;
  const state = badge && hasWord(`state_${badge.state}`) ? t(`state_${badge.state}`) : badge?.state;
  const body = [
    el("p", { class: "mode" }, t("nobody_let_in")),
    visitor === null && el("p", { class: "name" }, t(hasWord(reading ?? "") ? reading : "look_up_unknown")),
    visitor?.name && el("p", { class: "name", dir: "auto" }, visitor.name),
    visitor?.nameUr && el("p", { class: "name urdu", lang: "ur", dir: "rtl" }, visitor.nameUr),
    visitor?.organisation && el("p", { dir: "auto" }, visitor.organisation),
    visitor?.category && el("p", { class: "category" }, ...bilingual("span", "", visitor.category)),
    badge && el("p", {}, t("badge_issue", { issue: badge.issue + 1, state })),
    (scans ?? []).length > 0 && el("ol", { class: "recent" }, ...scans.map((scan) =>
      el("li", { "data-verdict": scan.verdict },
        el("span", { class: "time" }, place.time(scan.at)),
        el("span", { class: "who" }, `${place.gate(scan.gate)[document.documentElement.lang]} · ${t(scan.direction === "out" ? "out" : "in")}`),
        el("span", { class: "chip" }, chipOf(t, scan))))),
  ];
  return openDialog(t, { id: "look-up", tone: "look-up", title: t("look_up"), body: body.filter(Boolean) });
}

/** Every gate with its ways; a gate for both ways stands twice. */
export function openGates(t, gates, place, onChoice) {
  const ways = gates.flatMap((gate) =>
    (gate.direction === "both" ? ["in", "out"] : [gate.direction]).map((direction) => ({ gate: gate.slug, direction })));
  const entries = ways.map(({ gate, direction }) =>
    [`${gate} ${direction}`, `${place.gate(gate)[document.documentElement.lang]} · ${t(direction)}`]);
  const dialog = openDialog(t, { id: "gates", title: t("choose_gate"), body: [choices(entries, (value) => {
    dialog.close();
    onChoice(ways.find((way) => `${way.gate} ${way.direction}` === value));
  })] });
  return dialog;
}

/** How the tablet is: a big lamp, then line by line [label, text, isFine, next?], then what can be done about it. */
export function openStatus(t, readiness, lines, { staff, exports, onPreferences, onShift, onOtherwise, onPairAgain }) {
  const rows = lines.map(([label, text, isFine, next]) =>
    el("li", { "data-fine": String(isFine) }, el("span", { class: "lamp" }), el("span", { class: "who" }, label), el("span", { class: "value" }, text),
      !isFine && next && el("p", { class: "next" }, next)));
  const go = (key, run) => el("button", { type: "button", "data-action": key, onclick: () => (dialog.close(), run()) }, t(key));
  const body = [
    el("p", { class: "readiness", "data-state": readiness }, shape(LAMPS[readiness]), el("strong", {}, t(readiness))),
    el("ul", { class: "status" }, ...rows,
      el("li", {}, el("span", { class: "who" }, t("staff_number")), el("span", { class: "value" }, staff || "–"), go("change_shift", onShift))),
    el("div", { class: "ways" }, go("preferences", onPreferences), go("otherwise", onOtherwise), go("pair_again", onPairAgain)),
    exports.length > 0 && el("div", { class: "files" }, el("p", {}, t("save_outbox_hint")), ...exports),
  ].filter(Boolean);
  const dialog = openDialog(t, { id: "status", title: t("status"), body });
  return dialog;
}

function chipOf(t, scan) {
  if (scan.followed === "undo") return t("undone");
  if (scan.followed === "override") return t("let_in_by_supervisor");
  if (scan.verdict) return t(wordOf(scan));
  return scan.shown?.verdict ? `${t(wordOf(scan.shown))} · ${t("waiting")}` : t("waiting");
}

// Names are not kept over a reload; the code on the badge is enough to find a row again.
function codeOf(scan) {
  const parsed = parseToken(scan.token);
  return parsed === null ? scan.token.slice(0, 16) : formatShortCode(parsed.number);
}
