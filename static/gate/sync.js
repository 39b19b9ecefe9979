// Outbox up. A live scan goes at once and by itself; what waits follows oldest first, in batches, for as long as it takes.
import { contactOf } from "./answers.js";
import { call } from "./api.js";
import { learn } from "./clock.js";
import { createDelivery } from "./delivery.js";
import { park } from "./outbox.js";
import { tally, waiting, waitingAction } from "./owed.js";

const BATCH = 100;
const LIVE_MS = 8_000;
const BATCH_MS = 20_000;
const GREETING_MS = 60_000;
const FIRST_RETRY_MS = 1_500;
const LAST_RETRY_MS = 60_000;

/**
 * `on` hears and answers: token() and health() are asked; tally, contact, greeted, judged, acted and retired are told.
 * Contact is `online`, `offline`, `busy` or `unpaired`.
 */
export function createSync(on) {
  let flushing = false;
  let failures = 0;
  let pause = null;
  let retry = null;
  let greeting = null;
  let started = false;
  let serverDoubtsItsClock = false;
  const delivery = createDelivery({ ...on, note, serverDoubtsItsClock: () => serverDoubtsItsClock }, greet);

  /** Sends one scan right now: {judgement} or {why: "offline" | "busy" | "unpaired" | "parked"}. */
  async function sendNow(record) {
    report();
    const { answer, answered } = await delivery.post([record]);
    const judgement = answered.get(record.id);
    if (answer.status === 400) await park(record.id);
    await report();
    if (judgement) flush(); // the way is free: what waited goes too
    else schedule();
    return judgement ? { judgement } : { why: answer.status === 400 ? "parked" : contactOf(answer) };
  }

  /** Sends one undo or override, as delivery's `act` tells; "kept" too while its scan is owed. */
  async function actNow(id) {
    await report();
    const action = await waitingAction(id);
    const outcome = action ? await delivery.act(action) : "kept";
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
      const { scans, actions } = await waiting(BATCH, delivery.inFlight);
      if (scans.length === 0) {
        for (const action of actions) await delivery.act(action);
        return;
      }
      onwards = await delivery.deliver(scans, BATCH_MS);
      if (!onwards) failures += 1; // an answer of the server sets it back to zero
      await report();
    }
  }

  /** Takes from any answer what it says of the server: its time, whether it is there, when to come back. */
  function note(answer) {
    learn(answer);
    if (answer.status === 200) serverDoubtsItsClock = answer.body?.clock_ok === false;
    const contact = contactOf(answer);
    if (contact === "online") failures = 0;
    pause = answer.retryAfter === null || answer.retryAfter === undefined ? null : answer.retryAfter * 1000;
    on.contact(contact);
    if (answer.status === 403 && (answer.body?.error?.reason === "retired" || answer.body?.quarantined)) on.retired();
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

  return { start, sendNow, actNow, flush, greet, note };
}
