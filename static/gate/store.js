// IndexedDB: what the tablet must still know after a reload, a crash or a flat battery.
import { openDB } from "../static/vendor/idb/index.js";

const NAME = "checkin-gate";
const VERSION = 2;

let opened = null;
let onTrouble = () => {};

/** Hears "closed" when the browser took the database away, and "outdated" when a newer page has changed it. */
export function listenToStore(listener) {
  onTrouble = listener;
}

/** The database, opened once. A newer page may upgrade it at any time, so an old tab lets go when asked. */
export function database() {
  opened ??= openDB(NAME, VERSION, { upgrade, blocking: letGo, terminated });
  opened.catch((error) => {
    forget();
    if (error?.name === "VersionError") onTrouble("outdated");
  });
  return opened;
}

/** A transaction whose promise resolves only when the data is on the disk (Chrome is relaxed by default). */
export async function strictly(stores, work) {
  return inTransaction(stores, work, "strict");
}

/** A transaction for what can be asked for again: the roster and what hangs on it. */
export async function loosely(stores, work) {
  return inTransaction(stores, work, "relaxed");
}

async function inTransaction(stores, work, durability) {
  const transaction = (await database()).transaction(stores, "readwrite", { durability });
  const [result] = await Promise.all([work(transaction), transaction.done]);
  return result;
}

/** One of the tablet's own facts: pairing, gate and direction, language. */
export async function getSetting(name) {
  return (await database()).get("settings", name);
}

export async function putSetting(name, value) {
  return strictly(["settings"], (transaction) => transaction.objectStore("settings").put(value, name));
}

// Each step stands for one version and is never changed afterwards: tablets in the hall upgrade through all of them.
function upgrade(db, oldVersion, _newVersion, transaction) {
  if (oldVersion < 1) {
    db.createObjectStore("settings");
    db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id", { unique: true });
    db.createObjectStore("done", { keyPath: "id" }).createIndex("wall", "wall");
  }
  if (oldVersion < 2) {
    const outbox = transaction.objectStore("outbox");
    outbox.createIndex("scan", "scan"); // undos and overrides alone name a scan
    outbox.createIndex("parked_at", "parked_at"); // set aside since; what is not set aside has no such field
    db.createObjectStore("roster"); // head, table, keys
    db.createObjectStore("badges", { autoIncrement: true }); // pages of rows that came since the table was packed
    db.createObjectStore("passages", { autoIncrement: true }); // pages of today's passages at all gates
  }
}

function letGo(_current, _blocked, event) {
  event.target.close();
  forget();
}

function terminated() {
  forget();
  onTrouble("closed");
}

function forget() {
  opened = null;
}
