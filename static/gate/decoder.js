// The main thread's side of the decoder: one frame in flight, the rest dropped; the same code is one scan.

const AGAIN_MS = 3_000;
const STUCK_MS = 5_000;

/** Decodes frames; tells `onTexts` the codes that are new in view, and `onState` "ready" or "failed". */
export function createDecoder({ onTexts, onState }) {
  const isNew = createMemory();
  let worker = null;
  let busySince = null;

  function open() {
    const made = new Worker(new URL("decoder-worker.js", import.meta.url), { type: "module" });
    made.onmessage = ({ data }) => {
      if (data.ready) onState("ready");
      if (data.failed) onState("failed");
      if (data.texts === undefined) return;
      busySince = null;
      const texts = data.texts.filter((text) => text !== "" && isNew(text));
      if (texts.length > 0) onTexts(texts);
    };
    made.onerror = () => onState("failed");
    return made;
  }

  /** Compiles the reader, once; called by the Start tap, so that a tablet that only types never pays for it. */
  function start() {
    worker ??= open();
  }

  /** Whether a frame would be taken now; making one that nobody takes only heats the tablet. */
  function isFree() {
    if (busySince !== null && performance.now() - busySince > STUCK_MS) restart();
    return busySince === null;
  }

  function decode(frame) {
    busySince = performance.now();
    worker.postMessage(frame, [frame]);
  }

  function restart() {
    worker.terminate();
    worker = open();
    busySince = null;
  }

  return { start, isFree, decode };
}

/** Says whether a code is new: not seen in the last three seconds, however long it has been held up. */
export function createMemory(now = () => performance.now()) {
  const seen = new Map();
  return (text) => {
    const moment = now();
    for (const [other, last] of seen) if (moment - last > AGAIN_MS) seen.delete(other);
    const isNew = !seen.has(text);
    seen.set(text, moment);
    return isNew;
  };
}
