// From a code to a verdict: onto the disk first, then onto the wire, then onto the screen.
import { randomId, serverNow } from "./clock.js";
import { explain, explainUnjudged } from "./explain.js";
import { addScan, markShown } from "./outbox.js";

export const PATIENCE_MS = 400; // how long the screen waits for the server when the tablet could answer itself
const FLICKER_MS = 250; // below this a "Checking" would only flicker
const HOLD_MS = 1_200; // several badges in one view are shown one after the other
const SLOW = 2; // so many slow answers in a row, and the tablet answers first until the server is quick again
const REMEMBERED = 200;

/**
 * `standing()` is the gate and direction of now, `staff()` who holds the tablet, `place()` knows names and times,
 * `contact()` how the server is. `onKept(scan)` hears of each scan that the tablet judged itself, `onOtherwise(told)` when
 * the server judged otherwise than the screen had said.
 */
export function createScanning({ sync, screen, knowledge, standing, staff, place, contact, onUnstored, onOtherwise, onKept }) {
  const queue = [];
  const told = createMemory(); // what the screen said of a scan
  const visitors = createMemory();
  const unjudged = new Map(); // accepted here, not yet judged by the server: scan id → gate
  let running = false;
  let last = null;
  let slowness = 0;

  /** Takes codes of one view. Each is a scan, whatever is written in it: the server stores the refused ones too. */
  async function take(tokens, source) {
    for (const [index, token] of tokens.entries()) {
      const item = await begin(token, source);
      if (item !== null) queue.push({ ...item, isOneOfMany: index < tokens.length - 1 });
    }
    if (!running) await run();
  }

  async function begin(token, source) {
    const id = randomId();
    const where = standing();
    const { found, local } = await judgeHere(id, token, where);
    const mayWait = local === null || contact() === "unpaired" || (contact() === "online" && slowness < SLOW);
    const read = found?.reading === "genuine" ? { number: found.number, issue: found.issue, zone: local.zone } : null;
    try {
      const fields = { id, token, source, gate: where.gate, direction: where.direction, staff: staff(), read };
      const record = await addScan({ ...fields, shown: mayWait ? null : shownOf(local) });
      if (local !== null) keepCount(record, shownOf(local));
      const started = performance.now();
      // A failed send is an answer too: the record waits, and the screen says so.
      const outcome = sync.sendNow(record).catch(() => ({ why: "offline" }));
      outcome.then(({ judgement }) => judgement && learnPace(performance.now() - started));
      return { record, local, mayWait, outcome };
    } catch {
      onUnstored();
      screen.show(explainUnjudged(null, "unstored"));
      return null;
    }
  }

  // The scan is stored whatever happens here: a tablet that cannot judge waits for the server.
  async function judgeHere(id, token, { gate, direction }) {
    try {
      const found = await knowledge.read(token);
      return { found, local: found && knowledge.judge({ id, at: serverNow(), gate, direction }, found) };
    } catch (error) {
      console.error(error);
      return { found: null, local: null };
    }
  }

  async function run() {
    running = true;
    try {
      while (queue.length > 0) {
        const item = queue.shift();
        last = item.record;
        await answer(item);
        if (item.isOneOfMany) await pause(HOLD_MS);
      }
    } finally {
      running = false;
    }
  }

  async function answer({ record, local, mayWait, outcome }) {
    if (!mayWait) return showLocal(record, local);
    const impatient = local === null && setTimeout(() => screen.show(explainUnjudged(record, "asking")), FLICKER_MS);
    const first = await (local === null ? outcome : Promise.race([outcome, pause(PATIENCE_MS)]));
    clearTimeout(impatient);
    if (first?.judgement) return present(record, first.judgement);
    if (local === null || contact() === "unpaired") return screen.show(explainUnjudged(record, first?.why ?? "offline"));
    try {
      const marked = await markShown(record.id, shownOf(local));
      if (marked !== null) return showLocal(record, local);
    } catch {
      onUnstored();
      return screen.show(explainUnjudged(record, "unstored"));
    }
    const { judgement, why } = await outcome; // the answer came in the very moment
    return judgement ? present(record, judgement) : screen.show(explainUnjudged(record, why));
  }

  /** A judgement came, live or late: it confirms what the screen said, or says otherwise. */
  function judged(record, judgement) {
    unjudged.delete(record.id);
    if (judgement.visitor) visitors.keep(record.id, judgement.visitor);
    knowledge.note({ ...record, ...judgement, id: record.id, reason: judgement.reason ?? null });
    const before = told.take(record.id) ?? record.shown ?? null;
    const view = screen.shown();
    const isOnScreen = view?.scan === record.id;
    const isOtherwise = before !== null && !record.verdict && isGrave(before, judgement);
    if (isOnScreen && view.reason === "unsent") present(record, judgement);
    else if (isOnScreen && !view.confirmed && before !== null) present(record, judgement, !isOtherwise);
    if (isOtherwise) onOtherwise({ record, shown: before, judgement, isOnScreen });
  }

  function showLocal(record, local) {
    told.keep(record.id, { ...shownOf(local), check: local.check });
    if (local.visitor?.name) visitors.keep(record.id, local.visitor);
    screen.show(explain(local, record, place()));
  }

  function present(record, judgement, isQuiet = false) {
    screen.show(explain(judgement, record, place()), { isQuiet });
  }

  function keepCount(record, shown) {
    const scan = { ...record, shown };
    knowledge.note(scan);
    onKept(scan);
    expect(record, shown);
  }

  function expect({ id, gate }, { verdict }) {
    if (verdict === "admitted" || verdict === "re-entry") unjudged.set(id, gate);
  }

  function learnPace(milliseconds) {
    slowness = milliseconds > PATIENCE_MS ? Math.min(SLOW + 1, slowness + 1) : Math.max(0, slowness - 1);
  }

  /** A scan was taken back, or a supervisor let its visitor in: `followed` is `undo` or `override`. */
  function followed(scan, what) {
    if (what === "undo") unjudged.delete(scan.id);
    knowledge.note(scan, what);
  }

  return {
    take,
    judged,
    followed,
    /** Takes over what the outbox of an earlier session still holds. */
    resume: (scans) => scans.filter((scan) => !scan.verdict && scan.shown && scan.followed !== "undo").forEach((scan) => expect(scan, scan.shown)),
    last: () => last,
    visitor: (id) => visitors.get(id) ?? null,
    /** Entries at this gate that the server has not counted yet. */
    uncounted: (gate) => [...unjudged.values()].filter((one) => one === gate).length,
  };
}

function shownOf({ verdict, reason }) {
  return { verdict, reason, confirmed: false };
}

// Worth a word at the gate: somebody went the other way than the server says, or the badge may be a copy.
function isGrave(shown, { verdict, check = null }) {
  const wasLetIn = shown.verdict !== "refused";
  return wasLetIn !== (verdict !== "refused") || (check !== null && (shown.check ?? null) === null && wasLetIn);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// The latest few, so that a long day does not fill the tablet.
function createMemory() {
  const kept = new Map();
  return {
    keep(id, value) {
      kept.delete(id);
      kept.set(id, value);
      if (kept.size > REMEMBERED) kept.delete(kept.keys().next().value);
    },
    get: (id) => kept.get(id),
    take(id) {
      const value = kept.get(id);
      kept.delete(id);
      return value;
    },
  };
}
