// What staff do beside scanning: type, look up, undo, let in, see the last ten, choose the gate.
import { call } from "./api.js";
import { serverNow } from "./clock.js";
import { closeDialog } from "./dialog.js";
import { explainOverride } from "./explain.js";
import { exportButtons } from "./exporting.js";
import { openLookUp, openOtherwise, openRecent, openStatus } from "./lists.js";
import { addAction } from "./outbox.js";
import { otherwise, outboxFile, recent } from "./owed.js";
import { askOverride, askUndo } from "./supervise.js";
import { readinessOf } from "./readiness.js";
import { createPlaceSwitch } from "./place.js";
import { openTyping } from "./typing.js";
import { both } from "./words.js";

const UNDO_MS = 5 * 60_000;
const LAST = 10;
const ALL = 500;

/** `stand({gate, direction})` moves the tablet; `onPreferences` and `onShift` open dialogs. */
export function createDesk({ t, state, place, screen, scanning, sync, stand, onPreferences, onShift }) {
  const placeSwitch = createPlaceSwitch({ t, state, place, onMove: moveTo });

  /** The actions that fit what is shown: never more than three. */
  function actions({ enterMode, accept }) {
    const lastTen = { key: "last_ten", icon: "list", run: showRecent };
    const shown = screen.shown();
    const record = scanning.last();
    if (shown === null || record === null || shown.scan !== record.id) {
      const typing = { key: "type_code", icon: "keys", run: () => openTyping(t, (code) => accept([code], "typed")) };
      if (state.mode === "look-up") return [typing, { key: "back", icon: "undo", run: () => enterMode("scan") }];
      return [typing, { key: "look_up", icon: "search", run: () => enterMode("look-up") }, lastTen];
    }
    const lookUpThis = { key: "look_up", icon: "search", run: () => lookUp(record.token) };
    const undoThis = { key: "undo", icon: "undo", isHeld: true, run: () => undo(record) };
    const letInThis = { key: "let_in", icon: "open", run: () => letIn(record, shown) };
    if (shown.verdict === "refused") return [letInThis, lookUpThis, lastTen];
    // Amber leaves the gate in doubt: turned back is an undo; let in by a supervisor is put on record as such.
    const isInDoubt = shown.look === "check" && shown.reason !== "override" && shown.reason !== "parked";
    return isInDoubt ? [undoThis, letInThis, lookUpThis] : [undoThis, lookUpThis, lastTen];
  }

  async function undo(record) {
    const reason = await askUndo(t, scanning.visitor(record.id)?.name ?? "");
    if (reason === null) return;
    const outcome = await act({ kind: "undo", scan: record.id, reason });
    if (screen.shown()?.scan === record.id) screen.dismiss();
    screen.toast(t(outcome === "done" ? "undone" : `action_${outcome}`));
  }

  async function act(action) {
    try {
      return await sync.actNow((await addAction(action)).id);
    } catch {
      return "unstored"; // a full tablet keeps no undo either
    }
  }

  function letIn(record, shown) {
    askOverride(t, scanning.visitor(record.id)?.name ?? "", async (pin, reason) => {
      const outcome = await act({ kind: "override", scan: record.id, reason, pin });
      if (outcome === "done") screen.show(explainOverride(shown));
      else if (outcome === "kept") screen.show(explainUnchecked(shown));
      else if (outcome === "refused" || outcome === "unstored") screen.toast(t(`action_${outcome}`));
      return outcome === "pin" || outcome === "locked" ? `action_${outcome}` : null;
    });
  }

  async function lookUp(token) {
    const answer = await call("POST", "look-up", { token }, { token: state.pairing.token });
    if (answer.status === 404) openLookUp(t, { visitor: null, badge: null, scans: [] }, place());
    else openLookUp(t, answer.status === 200 ? answer.body : null, place());
  }

  async function showRecent() {
    const dialog = openRecent(t, await recent(LAST), {
      place: place(),
      who: (scan) => scanning.visitor(scan.id)?.name ?? null,
      canUndo: (scan) => canUndo(scan),
      onUndo: (scan) => (dialog.close(), undo(scan)),
      onShort: screen.offerPlainly,
    });
  }

  async function showOtherwise() {
    openOtherwise(t, await otherwise(ALL), { place: place(), who: (scan) => scanning.visitor(scan.id)?.name ?? null });
  }

  /** Moves the tablet to a gate, chosen by hand or by a gate card; a card settles the dialog that asked for a PIN. */
  async function moveTo({ gate, direction }) {
    closeDialog();
    screen.dismiss();
    await stand({ gate, direction });
    screen.toast(both("now_at", { gate: place().gate(gate), way: both(direction) }));
  }

  function showStatus(lines, onPairAgain) {
    const owes = state.tally.count > 0 && state.pairing !== null;
    openStatus(t, readinessOf(state), lines, {
      staff: state.staff ?? "",
      exports: owes ? exportButtons(t, () => outboxFile(state.pairing), state.pairing.device.name) : [],
      onPairAgain, onPreferences, onShift, onOtherwise: showOtherwise,
    });
  }

  return { actions, lookUp, chooseGate: placeSwitch.open, moveTo, showStatus };
}

// The contract gives the gate five minutes; later it is the organiser's. What the server has not judged yet is undone
// by what the screen said of it.
function canUndo({ verdict, shown, followed, at, wall, parked_at: parkedAt }) {
  if (followed !== null || parkedAt || (verdict ?? shown?.verdict) === "refused") return false;
  const age = at ? serverNow() - Date.parse(at) : Date.now() - wall;
  return age < UNDO_MS;
}

// Offline nobody can check the PIN: the visitor is let in on the supervisor's word, and the screen stays amber.
function explainUnchecked(shown) {
  return { ...explainOverride(shown), look: "check", word: both("check"), confirmed: false, fact: both("pin_unchecked"), seconds: 8 };
}
