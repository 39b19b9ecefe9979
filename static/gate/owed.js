// Reading the outbox and what was acknowledged; nothing here changes a record.
import { wireForm } from "./answers.js";
import { database } from "./store.js";

/** What waits, oldest first and at most `limit` scans: {scans, actions}. An action waits for its scan. */
export async function waiting(limit, inFlight = new Set()) {
  const { store } = (await database()).transaction("outbox");
  const scans = [];
  for (let cursor = await store.openCursor(); cursor !== null && scans.length < limit; cursor = await cursor.continue()) {
    const { kind, parked_at: parked, id } = cursor.value;
    if (kind === "scan" && parked === undefined && !inFlight.has(id)) scans.push(cursor.value);
  }
  const actions = [];
  for (const action of await store.index("scan").getAll()) {
    const isScanOwed = (await store.index("id").getKey(action.scan)) !== undefined;
    if (action.parked_at === undefined && !isScanOwed) actions.push(action);
  }
  return { scans, actions: actions.sort((a, b) => a.seq - b.seq) };
}

/** One waiting action by its id, or null while its scan is owed. */
export async function waitingAction(id) {
  const { store } = (await database()).transaction("outbox");
  const action = await store.index("id").get(id);
  if (action === undefined) return null;
  return (await store.index("id").getKey(action.scan)) === undefined ? action : null;
}

/** How many records are owed, parked ones included: {count, parked}. */
export async function tally() {
  const { store } = (await database()).transaction("outbox");
  const [count, parked] = await Promise.all([store.count(), store.index("parked_at").count()]);
  return { count, parked };
}

/** One scan of this tablet by its id, owed or done; undefined when it is not known. */
export async function findScan(id) {
  const db = await database();
  return (await db.getFromIndex("outbox", "id", id)) ?? db.get("done", id);
}

/** Every scan of this tablet since `wall` (its own clock), owed or done, with what followed it: undo, override or null. */
export async function scansSince(wall) {
  const db = await database();
  const [owed, done] = await Promise.all([db.getAll("outbox"), db.getAllFromIndex("done", "wall", IDBKeyRange.lowerBound(wall))]);
  return followedUp([...done, ...owed]);
}

/** The newest scans of this tablet, owed or done, newest first; `followed` says what came after. */
export async function recent(limit) {
  const db = await database();
  const records = await newest(db.transaction("outbox").store, limit * 2, () => true);
  // Newest first, so that an undo is met before the scan that it undoes.
  let scans = 0;
  records.push(...(await newest(db.transaction("done").store.index("wall"), limit * 3, ({ kind }) => (scans += kind === "scan") <= limit)));
  return followedUp(records).sort((a, b) => b.wall - a.wall).slice(0, limit);
}

/** The scans whose shown verdict the server did not share, newest first. */
export async function otherwise(limit) {
  const records = await newest((await database()).transaction("done").store.index("wall"), Infinity, () => true, isOtherwise);
  return records.slice(0, limit);
}

/** Whether the server judged a scan otherwise than the screen had said. */
export function isOtherwise({ shown, verdict, reason = null }) {
  return shown != null && verdict !== undefined && (shown.verdict !== verdict || (shown.reason ?? null) !== reason);
}

/** What is owed, as a file that an organiser can bring in; PINs stay here. */
export async function outboxFile({ device, event }) {
  const records = await (await database()).getAll("outbox");
  const at = ({ at, wall }) => at ?? new Date(wall).toISOString();
  return {
    format: "checkin-outbox",
    version: 1,
    event: event.slug,
    device: { id: device.id, name: device.name },
    saved_at: new Date().toISOString(),
    scans: records.filter(({ kind }) => kind === "scan").map((scan) => wireForm({ ...scan, at: at(scan), clock: scan.clock ?? "unsure" })),
    actions: records.filter(({ kind }) => kind !== "scan").map((action) => ({
      kind: action.kind, id: action.id, scan: action.scan, at: at(action), reason: action.reason })),
  };
}

async function newest(source, most, goOn, wanted = () => true) {
  const found = [];
  let cursor = await source.openCursor(null, "prev");
  for (; cursor !== null && found.length < most && goOn(cursor.value); cursor = await cursor.continue()) {
    if (wanted(cursor.value)) found.push(cursor.value);
  }
  return found;
}

function followedUp(records) {
  const followed = new Map();
  for (const { kind, scan, outcome } of records) {
    if (kind !== "scan" && outcome !== "refused") followed.set(scan, kind);
  }
  return records.filter(({ kind }) => kind === "scan").map((scan) => ({ ...scan, followed: followed.get(scan.id) ?? null }));
}
