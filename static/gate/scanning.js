// From a code to a verdict: onto the disk first, then onto the wire, then onto the screen.
import { explain, explainUnjudged } from "./explain.js";
import { addScan } from "./outbox.js";

const PATIENCE_MS = 250; // below this a "Checking" would only flicker
const HOLD_MS = 1_200; // several badges in one view are shown one after the other

/** `standing()` is the gate and direction of now, `place()` knows names and times. */
export function createScanning({ sync, screen, standing, place, onUnstored }) {
  const queue = [];
  const visitors = new Map();
  let running = false;
  let last = null;

  /** Takes codes of one view. Each is a scan, whatever is written in it: the server stores the refused ones too. */
  async function take(tokens, source) {
    for (const token of tokens) {
      try {
        const record = await addScan({ token, source, ...standing() });
        // A failed send is an answer too: the record waits, and the screen says so.
        queue.push({ record, outcome: sync.sendNow(record).catch(() => ({ why: "offline" })) });
      } catch {
        onUnstored();
        screen.show(explainUnjudged(null, "unstored"));
      }
    }
    if (!running) await run();
  }

  async function run() {
    running = true;
    while (queue.length > 0) {
      const { record, outcome } = queue.shift();
      const impatient = setTimeout(() => screen.show(explainUnjudged(record, "asking")), PATIENCE_MS);
      const { judgement, why } = await outcome;
      clearTimeout(impatient);
      last = record;
      if (judgement) present(record, judgement);
      else screen.show(explainUnjudged(record, why));
      if (queue.length > 0) await new Promise((resolve) => setTimeout(resolve, HOLD_MS));
    }
    running = false;
  }

  /** A judgement came, live or late. A late one is shown only while its Wait still stands. */
  function judged(record, judgement) {
    if (judgement.visitor) visitors.set(record.id, judgement.visitor);
    const shown = screen.shown();
    if (shown?.scan === record.id && shown.reason === "unsent") present(record, judgement);
  }

  function present(record, judgement) {
    screen.show(explain(judgement, record, place()));
  }

  return { take, judged, last: () => last, visitor: (id) => visitors.get(id) ?? null };
}
