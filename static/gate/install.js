// The gate as an app: opens without a network, renews itself when a tap says so, and may stand on the home screen.

const LOOK_MS = 10 * 60_000; // a tablet may stay open all day, so it asks for news by itself
const RETRY_MS = 15_000; // until the first version is whole
const QUIET_MS = 250;

/**
 * Answers {start, keep, apply, install} and tells `onState`
 * {offline: "installing" | "ready" | "impossible", persisted, updateReady, installable, version}.
 * `isQuiet()` says whether the page may be reloaded now: nobody is being scanned and no dialog is open.
 */
export function createShell({ onState, isQuiet }) {
  const workers = navigator.serviceWorker; // missing where the page is not secure
  let state = { offline: workers ? "installing" : "impossible", persisted: false, updateReady: false, installable: false, version: null };
  let registration = null;
  let isControlled = Boolean(workers?.controller);
  let isApplying = false;
  let prompt = null;

  /** Registers the worker; called once. Whatever fails here leaves a gate that works with the network. */
  async function start() {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault(); // the browser's own strip would come at a time of its own
      offer(event);
    });
    addEventListener("appinstalled", () => offer(null));
    tell({ persisted: (await navigator.storage?.persisted?.()) ?? false });
    if (!workers) return;
    workers.addEventListener("controllerchange", tookOver);
    addEventListener("online", look);
    await lookOften();
  }

  async function lookOften() {
    await look();
    setTimeout(lookOften, state.offline === "ready" ? LOOK_MS : RETRY_MS);
  }

  // Asks the server for a newer worker. Without a network nothing changes.
  async function look() {
    try {
      if (registration?.active) await registration.update();
      else watch(await workers.register(new URL("sw.js", import.meta.url), { updateViaCache: "none" }));
    } catch (error) {
      if (error.name === "SecurityError") tell({ offline: "impossible" });
    }
    await review();
  }

  function watch(found) {
    if (found === registration) return;
    registration = found;
    follow(found.installing);
    found.addEventListener("updatefound", () => follow(found.installing));
  }

  function follow(worker) {
    worker?.addEventListener("statechange", review);
  }

  async function review() {
    if (!registration?.active) return;
    await report(registration.active, ({ version, isWhole }) => tell({
      offline: isWhole ? "ready" : "installing",
      updateReady: registration.waiting !== null,
      version: state.version ?? version, // of the worker that handed out this page
    }));
  }

  /** Asks the browser never to clear what the tablet keeps; some do so only after a tap. */
  async function keep() {
    tell({ persisted: (await navigator.storage?.persist?.()) ?? false });
  }

  /** The new version takes over, here and in every other window of the gate. What waits in the outbox stays there. */
  function apply() {
    isApplying = true;
    registration?.waiting?.postMessage("take over");
  }

  // The very first worker changes nothing on the page that brought it.
  function tookOver() {
    if (isControlled || isApplying) reload();
    isControlled = true;
  }

  function reload() {
    if (isQuiet()) location.reload();
    else setTimeout(reload, QUIET_MS);
  }

  /** Puts the gate on the home screen; the browser asks once more. */
  async function install() {
    const asking = prompt;
    offer(null); // a prompt can be used once
    await asking?.prompt();
  }

  function offer(event) {
    prompt = event;
    tell({ installable: event !== null });
  }

  function tell(news) {
    state = { ...state, ...news };
    onState(state);
  }

  return { start, keep, apply, install };
}

// Ends at the first answer; another follows when the worker has brought what was missing.
function report(worker, onAnswer) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(onAnswer(data));
    worker.postMessage("report", [port2]);
  });
}
