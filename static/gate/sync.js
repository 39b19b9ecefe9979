// Outbox up. A live scan goes at once and by itself; what waits follows oldest first, in batches, for as long as it takes.
// Nothing here removes a record but an answer for its own id.
import { contactOf, outcomeOf, wireForm } from "./answers.js";
import { call } from "./api.js";
import { learn, offset } from "./clock.js";
import { acknowledge, freeze, park, tally, waiting, withdraw } from "./outbox.js";

const BATCH = 200;
const LIVE_MS = 8_000;
const BATCH_MS = 20_000;
const GREETING_MS = 60_000;
const FIRST_RETRY_MS = 1_500;
const LAST_RETRY_MS = 60_000;

/**
 * `on` hears and answers: token() and health() are asked; tally, contact, greeted, judged and acted are told.
 * Contact is `online`, `offline`, `busy` or `unpaired`.
 */
export function createSync(on) {
  const inFlight = new Set();
  let flushing = false;
  let failures = 0;
  let pause = null;
  let retry = null;
  let greeting = null;
  let started = false;
  let serverDoubtsItsClock = false;

  /** Sends one scan right now: {judgement} or {why: "offline" | "busy" | "unpaired" | "parked"}. */
  async function sendNow(record) {
    report();
    const { answer, judged } = await post([record], LIVE_MS);
    const judgement = judged.get(record.id);
    if (answer.status === 400) await park(record.id);
    await report();
    if (judgement) flush(); // the way is free: what waited goes too
    else schedule();
    return judgement ? { judgement } : { why: answer.status === 400 ? "parked" : contactOf(answer) };
  }

  /** Sends one undo or override: "done", "pin" (wrong PIN), "locked" (too many), "refused", or "kept" until its scan and the server are there. */
  async function actNow(id) {
    await report();
    const action = (await waiting(BATCH)).actions.find((record) => record.id === id);
    const outcome = action ? await act(action) : "kept";
    await report();
    schedule();
    return outcome;
  }

  /** Tells the server how the tablet is and learns its time, gates and count. */
  async function greet(timeout = LIVE_MS) {
    clearTimeout(greeting);
    greeting = setTimeout(greet, GREETING_MS * (0.9 + Math.random() * 0.2));
    if (on.token() === null) return { status: 401, body: null };
    const health = await on.health();
    let answer = await call("PUT", "devices/self", health, { token: on.token(), timeout });
    if (answer.status === 400) {
      // A gate that was taken out of the programme: without it the server tells which gates there are now.
      const { gate: _gate, direction: _direction, ...rest } = health;
      answer = await call("PUT", "devices/self", rest, { token: on.token(), timeout });
    }
    note(answer);
    if (answer.status === 200) on.greeted(answer.body);
    return answer;
  }

  /** Sends all that waits. One at a time, in one tab at a time. */
  async function flush() {
    if (flushing || on.token() === null) return;
    flushing = true;
    clearTimeout(retry);
    retry = null;
    try {
      if (navigator.locks) await navigator.locks.request("gate-outbox", { ifAvailable: true }, (lock) => lock && drain());
      else await drain();
    } finally {
      flushing = false;
      await report();
      schedule();
    }
  }

  function start() {
    if (!started) addEventListener("online", () => greet().then(flush));
    started = true;
    return greet().then(flush);
  }

  async function drain() {
    for (let onwards = true; onwards; ) {
      const { scans, actions } = await waiting(BATCH);
      const free = scans.filter((record) => !inFlight.has(record.id));
      if (free.length === 0) {
        for (const action of actions) await act(action);
        return;
      }
      onwards = await deliver(free);
    }
  }

  // True when something left the outbox, so that an answer that names nobody cannot make us ask for ever.
  async function deliver(records) {
    const { answer, judged } = await post(records, BATCH_MS);
    if (judged.size > 0) return true;
    if (answer.status !== 400 && answer.status !== 413) {
      failures += 1; // an answer of the server sets it back to zero
      return false;
    }
    if (records.length === 1) {
      await park(records[0].id);
      return true;
    }
    const middle = records.length >> 1;
    return (await deliver(records.slice(0, middle))) && (await deliver(records.slice(middle)));
  }

  async function post(records, timeout) {
    const judged = new Map();
    const ready = await readClock();
    if (ready.status !== 200) return { answer: ready, judged };
    for (const { id } of records) inFlight.add(id);
    try {
      const scans = (await freeze(records)).map(wireForm);
      const answer = await call("POST", "scans", { scans }, { token: on.token(), timeout });
      note(answer);
      const byId = new Map((answer.body?.judgements ?? []).map((judgement) => [judgement.id, judgement]));
      for (const record of answer.status === 200 ? records : []) {
        const judgement = byId.get(record.id);
        if (judgement === undefined) continue;
        const { verdict, reason = null, check = null } = judgement;
        await acknowledge(record.id, { verdict, reason, check });
        judged.set(record.id, judgement);
        on.judged(record, judgement, answer.body);
      }
      return { answer, judged };
    } finally {
      for (const { id } of records) inFlight.delete(id);
    }
  }

  // A moment is fixed at the first send, so the first send waits for the server's time, unless the server doubts it too.
  async function readClock() {
    if (offset() !== null || serverDoubtsItsClock) return { status: 200 };
    return greet(LIVE_MS / 2);
  }

  async function act(action) {
    if (inFlight.has(action.id)) return "kept";
    inFlight.add(action.id);
    try {
      const [{ id, at, reason, pin, kind, scan }] = await freeze([action]);
      const body = { id, at, reason, ...(pin === undefined ? {} : { pin }) };
      const answer = await call("POST", `scans/${scan}/${kind}`, body, { token: on.token(), timeout: LIVE_MS });
      const outcome = outcomeOf(answer);
      // A wrong PIN is asked for again and never sent again by itself, or the tablet would lock itself out.
      if (outcome === "pin" || outcome === "locked") await withdraw(id);
      else if (outcome !== "refused") note(answer);
      if (outcome === "done") await acknowledge(id, { outcome });
      if (outcome === "refused") await acknowledge(id, { outcome, status: answer.status });
      on.acted(outcome, answer.body);
      return outcome;
    } finally {
      inFlight.delete(action.id);
    }
  }

  function note(answer) {
    learn(answer);
    if (answer.status === 200) serverDoubtsItsClock = answer.body?.clock_ok === false;
    const contact = contactOf(answer);
    if (contact === "online") failures = 0;
    pause = answer.retryAfter === null || answer.retryAfter === undefined ? null : answer.retryAfter * 1000;
    on.contact(contact);
  }

  async function report() {
    on.tally(await tally());
  }

  // Jitter, because sixty tablets lose and find the same Wi-Fi at the same moment.
  async function schedule() {
    const { count, parked } = await tally();
    if (count === parked || retry !== null || flushing) return;
    const wait = Math.min(LAST_RETRY_MS, pause ?? FIRST_RETRY_MS * 2 ** Math.max(0, Math.min(failures - 1, 5)));
    retry = setTimeout(flush, wait * (0.75 + Math.random() * 0.5));
  }

  return { start, sendNow, actNow, flush, greet };
}
