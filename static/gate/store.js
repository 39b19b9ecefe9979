// IndexedDB: what the tablet must still know after a reload, a crash or a flat battery.
import { openDB } from "../static/vendor/idb/index.js";

const NAME = "checkin-gate";
const VERSION = 1;

let opened = null;

/** The database, opened once. A newer page may upgrade it at any time, so an old tab lets go when asked. */
export function database() {
  opened ??= openDB(NAME, VERSION, { upgrade, blocking: letGo, terminated: forget });
  opened.catch(forget);
  return opened;
}

/** A transaction whose promise resolves only when the data is on the disk (Chrome is relaxed by default). */
export async function strictly(stores, work) {
  const transaction = (await database()).transaction(stores, "readwrite", { durability: "strict" });
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
function upgrade(db, oldVersion) {
  if (oldVersion < 1) {
    db.createObjectStore("settings");
    db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id", { unique: true });
    db.createObjectStore("done", { keyPath: "id" }).createIndex("wall", "wall");
  }
}

function letGo(_current, _blocked, event) {
  event.target.close();
  forget();
}

function forget() {
  opened = null;
}
