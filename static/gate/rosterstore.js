// The roster on the disk: what it says is fetched again if it is lost, so nothing here waits for the disk.
import { database, loosely } from "./store.js";

const STORES = ["roster", "badges", "passages"];
const MOST_PAGES = 60;

/** What the disk holds: {head, table, keys, pages, passages}; head null when there is no roster yet. */
export async function readKnown() {
  const transaction = (await database()).transaction(STORES);
  const [head, table, keys, pages, passages] = await Promise.all([
    transaction.objectStore("roster").get("head"),
    transaction.objectStore("roster").get("table"),
    transaction.objectStore("roster").get("keys"),
    transaction.objectStore("badges").getAll(),
    transaction.objectStore("passages").getAll(),
  ]);
  return { head: head ?? null, table: table ?? null, keys: keys ?? new Map(), pages, passages };
}

/** Writes one answer down, all or nothing. `table` takes the place of all rows so far. */
export function writeAnswer({ head, keys, rows, passages, isWhole, isNewHistory, table }) {
  return loosely(STORES, async (transaction) => {
    const [roster, badges, passed] = STORES.map((name) => transaction.objectStore(name));
    if (isNewHistory || table) badges.clear();
    if (isNewHistory) roster.delete("table");
    if (table) roster.put(table, "table");
    else if (rows.length > 0) badges.add(rows);
    if (isWhole) passed.clear();
    if (passages.length > 0) await addPassages(passed, passages);
    if (keys.size > 0) roster.put(new Map([...((await roster.get("keys")) ?? []), ...keys]), "keys");
    await roster.put(head, "head");
  });
}

// A page comes every minute, and each says some of the last one again: now and then they become one.
async function addPassages(passed, rows) {
  if ((await passed.count()) < MOST_PAGES) return passed.add(rows);
  const newest = new Map();
  for (const row of [...(await passed.getAll()).flat(), ...rows]) newest.set(`${row[0]} ${row[1]}`, row);
  passed.clear();
  return passed.add([...newest.values()]);
}

/** Writes when the roster was last the server's own. */
export function writeHead(head) {
  return loosely(["roster"], (transaction) => transaction.objectStore("roster").put(head, "head"));
}

/** Erases roster, names, keys and passages: the event is over, or the tablet was retired. */
export function eraseKnown() {
  return loosely(STORES, (transaction) => Promise.all(STORES.map((name) => transaction.objectStore(name).clear())));
}
