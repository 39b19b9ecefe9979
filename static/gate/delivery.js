// One message to the server and what its answer does to the outbox. Nothing here removes a record but an answer for its own id.
import { outcomeOf, wireForm } from "./answers.js";
import { call } from "./api.js";
import { offset } from "./clock.js";
import { acknowledge, freeze, park, withdraw } from "./outbox.js";

const LIVE_MS = 8_000;

/** `on`: token() is asked; note(answer), judged(record, judgement, body) and acted(record, outcome, body) are told. */
export function createDelivery(on, greet) {
  const inFlight = new Set();

  /** Sends scans in one message; answers {answer, answered}: the judgements by id, or null for what was put in quarantine. */
  async function post(records, timeout = LIVE_MS) {
    const answered = new Map();
    const ready = await readClock();
    if (ready.status !== 200) return { answer: ready, answered };
    for (const { id } of records) inFlight.add(id);
    try {
      const scans = (await freeze(records)).map(wireForm);
      const answer = await call("POST", "scans", { scans }, { token: on.token(), timeout });
      on.note(answer);
      const judgements = new Map((answer.status === 200 ? (answer.body?.judgements ?? []) : []).map((one) => [one.id, one]));
      const quarantined = new Set(answer.status === 403 ? (answer.body?.quarantined ?? []) : []);
      for (const [index, record] of records.entries()) {
        const judgement = judgements.get(record.id);
        if (judgement !== undefined) {
          const { verdict, reason = null, check = null } = judgement;
          await acknowledge(record.id, { verdict, reason, check }, scans[index]);
          answered.set(record.id, judgement);
          on.judged(record, judgement, answer.body);
        } else if (quarantined.has(record.id)) {
          await acknowledge(record.id, { outcome: "quarantined" }, scans[index]);
          answered.set(record.id, null);
        }
      }
      return { answer, answered };
    } finally {
      for (const { id } of records) inFlight.delete(id);
    }
  }

  /**
   * Sends a batch; a culprit that the server cannot read is found by halves and parked. True when something left, so
   * that an answer that names nobody cannot make us ask for ever.
   */
  async function deliver(records, timeout) {
    const { answer, answered } = await post(records, timeout);
    if (answered.size > 0) return true;
    if (answer.status !== 400 && answer.status !== 413) return false;
    if (records.length === 1) {
      await park(records[0].id);
      return true;
    }
    const middle = records.length >> 1;
    return (await deliver(records.slice(0, middle), timeout)) && (await deliver(records.slice(middle), timeout));
  }

  /** Sends an undo or an override: "done", "pin" (wrong PIN), "locked" (too many), "refused", or "kept" to be sent again. */
  async function act(action) {
    if (inFlight.has(action.id)) return "kept";
    inFlight.add(action.id);
    try {
      const [{ id, at, reason, pin, receipt, kind, scan }] = await freeze([action]);
      const proof = receipt ? { receipt } : pin === undefined ? {} : { pin };
      const answer = await call("POST", `scans/${scan}/${kind}`, { id, at, reason, ...proof }, { token: on.token(), timeout: LIVE_MS });
      const outcome = outcomeOf(answer);
      // A wrong PIN is asked for again and never sent again by itself, or the tablet would lock itself out.
      if (outcome === "pin" || outcome === "locked") await withdraw(id);
      else if (outcome !== "refused") on.note(answer);
      if (outcome === "done") await acknowledge(id, { outcome, ...(answer.body?.receipt ? { receipt: answer.body.receipt } : {}) });
      if (outcome === "refused") await acknowledge(id, { outcome, status: answer.status });
      on.acted(action, outcome, answer.body);
      return outcome;
    } finally {
      inFlight.delete(action.id);
    }
  }

  // A moment is fixed at the first send, so the first send waits for the server's time, unless the server doubts it too.
  async function readClock() {
    return offset() !== null || on.serverDoubtsItsClock() ? { status: 200 } : greet(LIVE_MS / 2);
  }

  return { post, deliver, act, inFlight };
}
