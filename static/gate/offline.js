// What the tablet keeps for itself, and when it must forget it: ties knowledge, roster, outbox and the other tabs together.
import { offset, recall, serverNow, worthKeeping } from "./clock.js";
import { createNews } from "./news.js";
import { forgetDone, listenToOutbox, writeAgain } from "./outbox.js";
import { findScan, scansSince } from "./owed.js";
import { getSetting, listenToStore, putSetting } from "./store.js";
import { createTabs } from "./tabs.js";

const LOOK_MS = 60_000;
const UNSURE_MS = 3 * 86_400_000; // a clock that was never compared must be far beyond before it erases anything
const SETTLE_MS = 500; // a browser that wipes closes the database first
const MARK = "gate-paired"; // outside IndexedDB: tells a wiped tablet from a new one

/**
 * `on`: state() and token() are asked; change(news), heard(answer), followed(scan, what), resume(scans), flush() and
 * greet() are told.
 */
export function createOffline(knowledge, on) {
  const tabs = createTabs({ roster: load, scan: (scan, what) => (what ? on.followed(scan, what) : knowledge.note(scan)), outbox: on.flush });
  const news = createNews(knowledge, { token: on.token, answered: on.heard, learned, restored, unstored, over: forgetAll });
  let opened = null;
  const loaded = new Promise((resolve) => (opened = resolve));
  listenToOutbox(added);
  listenToStore((what) => (what === "outdated" ? location.reload() : lookForWipe()));

  /** Reads what the disk holds; after it the tablet can judge. */
  async function load() {
    const scans = await scansSince(0);
    await knowledge.load(scans);
    on.resume(scans);
    tell();
  }

  async function begin() {
    recall(await getSetting("clock"));
    on.change({ erased: (await getSetting("erased")) ?? false });
    await load();
    await look();
    setInterval(() => look().catch(unstored), LOOK_MS);
    addEventListener("online", news.refresh);
  }

  // Every minute: is the event over, and is the time worth keeping?
  async function look() {
    const head = knowledge.head();
    const margin = offset() === null ? UNSURE_MS : 0;
    if (head?.erase_at && serverNow() > Date.parse(head.erase_at) + margin) await forgetAll();
    await keepClock();
  }

  async function keepClock() {
    const known = worthKeeping();
    if (known !== null) await putSetting("clock", known);
  }

  function tell() {
    const head = knowledge.head();
    on.change({ roster: head === null || !head.known_at ? null : { knownAt: head.known_at, size: knowledge.roster().size() } });
  }

  function learned() {
    if (on.state().erased) setErased(false).catch(unstored);
    keepClock().catch(unstored);
    tell();
    tabs.tell("roster");
  }

  function unstored(error) {
    console.error(error);
    on.change({ stored: false });
  }

  function restored() {
    on.flush();
    tabs.tell("outbox");
  }

  // Roster, names and keys go; what is owed stays until it is sent, and the server is told.
  async function erase() {
    if (on.state().erased) return;
    await news.erase();
    await setErased(true);
    tell();
    on.greet();
  }

  // After the event nobody will put a server back to an earlier state.
  async function forgetAll() {
    await forgetDone();
    await erase();
  }

  async function setErased(erased) {
    on.change({ erased });
    await putSetting("erased", erased);
  }

  async function added(record) {
    if (record.kind === "scan") return undefined;
    const scan = await findScan(record.scan);
    if (scan === undefined) return undefined;
    on.followed(scan, record.kind);
    return tabs.tell("scan", scan, record.kind);
  }

  /** Marks the tablet as one that has been paired. */
  function mark() {
    writeMark("1");
  }

  // The memory went away under the open page: write down again what the page still holds, and say so loudly.
  async function lookForWipe() {
    const { pairing, standing } = on.state();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    if (pairing === null || (await getSetting("pairing")) !== undefined) return;
    on.change({ wiped: true });
    await putSetting("pairing", pairing);
    await putSetting("standing", standing);
    await writeAgain();
    on.flush();
    news.refresh();
  }

  return { begin, loaded, opened, refresh: news.refresh, heard: news.heard, erase, forgetAll, mark, share: (scan) => tabs.tell("scan", scan), wasPaired: () => readMark() === "1" };
}

function readMark() {
  try {
    return localStorage.getItem(MARK);
  } catch {
    return null; // a browser that keeps nothing tells nothing
  }
}

function writeMark(value) {
  try {
    localStorage.setItem(MARK, value);
  } catch {
    // A browser that keeps nothing: then a wiped tablet looks like a new one.
  }
}
