// What staff do beside scanning: type, look up, undo, let in, see the last ten, choose the gate.
import { call } from "./api.js";
import { serverNow } from "./clock.js";
import { explainOverride } from "./explain.js";
import { openGates, openLookUp, openRecent, openStatus } from "./lists.js";
import { addAction, recent } from "./outbox.js";
import { askOverride, askUndo } from "./supervise.js";
import { readinessOf } from "./readiness.js";
import { openTyping } from "./typing.js";

const UNDO_MS = 5 * 60_000;
const LAST = 10;

export function createDesk({ t, state, place, screen, scanning, sync }) {
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
    const first = shown.verdict === "refused"
      ? { key: "let_in", icon: "open", run: () => letIn(record, shown) }
      : { key: "undo", icon: "undo", run: () => undo(record) };
    return [first, lookUpThis, lastTen];
  }

  async function undo(record) {
    const reason = await askUndo(t, scanning.visitor(record.id)?.name ?? "");
    if (reason === null) return;
    const { id } = await addAction({ kind: "undo", scan: record.id, reason });
    const outcome = await sync.actNow(id);
    if (screen.shown()?.scan === record.id) screen.dismiss();
    screen.toast(t(outcome === "done" ? "undone" : `action_${outcome}`));
  }

  function letIn(record, shown) {
    askOverride(t, scanning.visitor(record.id)?.name ?? "", async (pin, reason) => {
      const { id } = await addAction({ kind: "override", scan: record.id, reason, pin });
      const outcome = await sync.actNow(id);
      if (outcome === "done") screen.show(explainOverride(shown));
      else if (outcome === "kept" || outcome === "refused") screen.toast(t(`action_${outcome}`));
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
    });
  }

  function chooseGate(onChoice) {
    if (state.pairing !== null) openGates(t, state.pairing.gates, place(), onChoice);
  }

  function showStatus(lines, onPairAgain) {
    openStatus(t, readinessOf(state), lines, onPairAgain);
  }

  return { actions, lookUp, chooseGate, showStatus };
}

// The contract gives the gate five minutes; later it is the organiser's.
function canUndo({ verdict, followed, at }) {
  return followed === null && ["admitted", "re-entry", "left"].includes(verdict) && serverNow() - Date.parse(at) < UNDO_MS;
}
