// What changes a verdict afterwards: undo by the gate, letting in by a supervisor. The tap on a reason is the confirmation.
import { choices, openDialog } from "./dialog.js";
import { el } from "./dom.js";

const UNDO_REASONS = ["turned_back", "wrong_badge", "test"];
const LET_IN_REASONS = ["identity", "guest", "error"];

/** Asks why a scan is undone; answers the reason, or null when nobody chose one. */
export async function askUndo(t, who) {
  let chosen = null;
  const body = [
    el("p", { class: "who", dir: "auto" }, who),
    el("p", {}, t("undo_why")),
    choices(UNDO_REASONS.map((reason) => [reason, t(`undo_${reason}`)]), (reason) => {
      chosen = reason;
      dialog.close();
    }),
  ];
  const dialog = openDialog(t, { id: "undo", title: t("undo_title"), body });
  await dialog.closed;
  return chosen;
}

/** Asks for PIN and reason; `submit(pin, reason)` answers null when the dialog may close, else the word for what is wrong. */
export function askOverride(t, who, submit) {
  const pin = el("input", { id: "pin", type: "password", inputmode: "numeric", autocomplete: "off", dir: "ltr", maxlength: 16, "aria-describedby": "pin-said" });
  const said = el("p", { id: "pin-said", role: "alert", class: "said" });
  const reasons = choices(LET_IN_REASONS.map((reason) => [reason, t(`let_in_${reason}`)]), choose);
  const body = [
    el("p", { class: "who", dir: "auto" }, who),
    el("form", { onsubmit: (event) => event.preventDefault() },
      el("label", { for: "pin" }, t("pin_label")), pin, said, el("p", {}, t("let_in_why")), reasons),
  ];
  const dialog = openDialog(t, { id: "let-in", title: t("let_in_title"), body });
  pin.focus();

  async function choose(reason) {
    if (pin.value === "") return complain("pin_needed");
    said.textContent = t("action_busy");
    for (const button of reasons.children) button.disabled = true;
    const problem = await submit(pin.value, reason);
    for (const button of reasons.children) button.disabled = false;
    return problem === null ? dialog.close() : complain(problem);
  }

  function complain(key) {
    said.textContent = t(key);
    said.classList.add("error");
    pin.select();
  }
}
