// What the tablet owes the server: scans, undos and overrides, in the order in which they happened.
// A record leaves only for an answer to its own id, and then stays in `done`, so that a restored server can be told again.
import { momentOf, randomId, stamp } from "./clock.js";
import { database, strictly } from "./store.js";

const TEXT_CAP = 512; // the contract's cap for any text
const CHUNK = 500;

// This session's own records, so that a memory that is wiped under the page can be written again.
const unacknowledged = new Map();
let onAdded = () => {};

/** Hears of each record as soon as it is on the disk. */
export function listenToOutbox(listener) {
  onAdded = listener;
}

/**
 * Writes a scan to the disk and hands it back. Rejects when the tablet cannot store: then nothing may be shown.
 * `read` is what a genuine badge turned out to be {number, issue, zone}; `shown` the verdict that will be on the screen.
 */
export function addScan({ id, token, source, gate, direction, staff = null, read = null, shown = null }) {
  return add({ id, kind: "scan", token: token.slice(0, TEXT_CAP), source, gate, direction, staff, read, shown });
}

/** Writes an undo or an override of a scan; it is sent after the scan itself was acknowledged. */
export function addAction({ kind, scan, reason, pin = null }) {
  return add({ id: randomId(), kind, scan, reason, ...(pin === null ? {} : { pin }) });
}

/**
 * Notes what the screen shows while the server is silent. Answers the record, or null when the server was faster:
 * then its judgement is the one to show.
 */
export async function markShown(id, shown) {
  return moveById(id, (record, transaction) => {
    const marked = { ...record, shown };
    transaction.objectStore("outbox").put(marked);
    return marked;
  });
}

/** Fixes the moment of records that are sent for the first time; a resend must carry the very same content. */
export async function freeze(records) {
  const fresh = records.filter((record) => record.at === null);
  if (fresh.length === 0) return records;
  for (const record of fresh) Object.assign(record, momentOf(record));
  await strictly(["outbox"], async (transaction) => {
    for (const { id, at, clock } of fresh) {
      const record = await transaction.store.index("id").get(id);
      if (record !== undefined) transaction.store.put({ ...record, at, clock });
    }
  });
  return records;
}

/**
 * Moves a record that the server answered to the done ones; the PIN of an override is not kept. A scan whose shown
 * verdict was not in the message that is answered here stays owed until the server has that too.
 */
export async function acknowledge(id, outcome, sent = {}) {
  const isDone = await moveById(id, (record, transaction) => {
    const { pin: _pin, seq: _seq, ...rest } = { ...record, ...outcome };
    const isWhole = record.shown == null || sent.shown != null;
    if (isWhole) {
      transaction.objectStore("done").put(rest);
      transaction.objectStore("outbox").delete(record.seq);
    } else transaction.objectStore("outbox").put({ ...record, ...outcome });
    return isWhole;
  });
  if (isDone) unacknowledged.delete(id);
}

/** Sets aside what the server cannot even read, so that the rest goes on; it stays counted and shown. */
export function park(id) {
  return moveById(id, (record, transaction) => transaction.objectStore("outbox").put({ ...record, parked_at: Date.now() }));
}

/** Offers parked records once more (after an update of the server, say). */
export function unpark() {
  return strictly(["outbox"], async (transaction) => {
    for (const { parked_at: _, ...record } of await transaction.store.index("parked_at").getAll()) transaction.store.put(record);
  });
}

/** Drops an action that was never accepted, such as an override with a wrong PIN. */
export async function withdraw(id) {
  await moveById(id, (record, transaction) => transaction.objectStore("outbox").delete(record.seq));
  unacknowledged.delete(id);
}

/** Owes everything that was ever acknowledged once more, oldest first: the server was put back to an earlier state. */
export async function offerAgain() {
  for (let left = true; left; ) {
    left = await strictly(["outbox", "done"], async (transaction) => {
      const chunk = await transaction.objectStore("done").index("wall").getAll(null, CHUNK);
      for (const record of chunk) {
        const isOwed = (await transaction.objectStore("outbox").index("id").getKey(record.id)) !== undefined;
        if (!isOwed) transaction.objectStore("outbox").add(record);
        transaction.objectStore("done").delete(record.id);
      }
      return chunk.length === CHUNK;
    });
  }
}

/** Writes what this session still owes once more, after the memory of the tablet was wiped under the page. */
export async function writeAgain() {
  for (const record of unacknowledged.values()) {
    await strictly(["outbox"], async (transaction) => {
      const { seq: _seq, ...rest } = record;
      if ((await transaction.store.index("id").getKey(record.id)) === undefined) transaction.store.add(rest);
    });
  }
}

async function add(fields) {
  const record = { ...fields, ...stamp(), at: null, clock: null };
  if (record.offset_ms !== null) Object.assign(record, momentOf(record));
  const seq = await strictly(["outbox"], (transaction) => transaction.store.add(record));
  unacknowledged.set(record.id, record);
  onAdded(record);
  return { ...record, seq };
}

function moveById(id, change) {
  return strictly(["outbox", "done"], async (transaction) => {
    const record = await transaction.objectStore("outbox").index("id").get(id);
    return record === undefined ? null : change(record, transaction);
  });
}

/** Forgets what was acknowledged: the event is over. What is owed stays until it is sent. */
export async function forgetDone() {
  const db = await database();
  await db.clear("done");
}
