// What the tablet owes the server: scans, undos and overrides, in the order in which they happened.
// A record leaves only for an answer to its own id, and then stays in `done`, so that a restored server can be told again.
import { momentOf, randomId, stamp } from "./clock.js";
import { database, strictly } from "./store.js";

const TEXT_CAP = 512; // the contract's cap for any text

/** Writes a scan to the disk and hands it back. Rejects when the tablet cannot store: then nothing may be shown. */
export function addScan({ token, source, gate, direction }) {
  return add({ kind: "scan", token: token.slice(0, TEXT_CAP), source, gate, direction });
}

/** Writes an undo or an override of a scan; it is sent after the scan itself was acknowledged. */
export function addAction({ kind, scan, reason, pin = null }) {
  return add({ kind, scan, reason, ...(pin === null ? {} : { pin }) });
}

/** What waits, oldest first: {scans, actions}. An action is listed only when its scan is no longer owed. */
export async function waiting(limit) {
  const all = await (await database()).getAll("outbox");
  const owed = new Set(all.filter((record) => record.kind === "scan").map((record) => record.id));
  return {
    scans: all.filter((record) => record.kind === "scan" && !record.parked).slice(0, limit),
    actions: all.filter((record) => record.kind !== "scan" && !record.parked && !owed.has(record.scan)),
  };
}

/** How many records are owed, parked ones included: {count, parked}. */
export async function tally() {
  const all = await (await database()).getAll("outbox");
  return { count: all.length, parked: all.filter((record) => record.parked).length };
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

/** Moves a record that the server answered to the done ones. The PIN of an override is not kept. */
export function acknowledge(id, outcome) {
  return moveById(id, (record, transaction) => {
    const { pin: _pin, seq: _seq, ...rest } = record;
    transaction.objectStore("done").put({ ...rest, ...outcome });
    transaction.objectStore("outbox").delete(record.seq);
  });
}

/** Sets aside what the server cannot even read, so that the rest goes on; it stays counted and shown. */
export function park(id) {
  return moveById(id, (record, transaction) => transaction.objectStore("outbox").put({ ...record, parked: true }));
}

/** Offers parked records once more (after an update of the server, say). */
export function unpark() {
  return strictly(["outbox"], async (transaction) => {
    for (const record of await transaction.store.getAll()) {
      if (record.parked) transaction.store.put({ ...record, parked: false });
    }
  });
}

/** Drops an action that was never accepted, such as an override with a wrong PIN. */
export function withdraw(id) {
  return moveById(id, (record, transaction) => transaction.objectStore("outbox").delete(record.seq));
}

/** The newest scans of this tablet, owed or done, newest first; `undone` and `overridden` say what followed. */
export async function recent(limit) {
  const db = await database();
  const followed = {};
  const scans = [];
  const take = (record) => {
    if (record.kind === "scan") scans.push(record);
    else followed[record.scan] = record.outcome === "refused" ? followed[record.scan] : record.kind;
  };
  for (const record of await db.getAll("outbox")) take(record);
  const least = scans.length + limit;
  // Newest first, so that an undo is met before the scan that it undoes.
  let cursor = await db.transaction("done").store.index("wall").openCursor(null, "prev");
  for (; cursor !== null && scans.length < least; cursor = await cursor.continue()) take(cursor.value);
  scans.sort((a, b) => b.wall - a.wall);
  return scans.slice(0, limit).map((scan) => ({ ...scan, followed: followed[scan.id] ?? null }));
}

function add(fields) {
  const record = { id: randomId(), ...fields, ...stamp(), at: null, clock: null, parked: false };
  if (record.offset_ms !== null) Object.assign(record, momentOf(record));
  return strictly(["outbox"], async (transaction) => ({ ...record, seq: await transaction.store.add(record) }));
}

function moveById(id, change) {
  return strictly(["outbox", "done"], async (transaction) => {
    const record = await transaction.objectStore("outbox").index("id").get(id);
    if (record !== undefined) change(record, transaction);
  });
}
