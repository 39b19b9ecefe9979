// The camera: opened by one tap, kept open through everything that closes cameras on a busy tablet.

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };
const SILENCE_MS = 3_000;
const LOOK_MS = 1_000;
const FRAME_MS = 60; // sixteen frames a second are enough for a badge in motion, and spare the battery
const PATIENCE_MS = [1_000, 2_000, 4_000, 10_000];
const STEADY = ["focusMode", "exposureMode", "whiteBalanceMode"];

/**
 * Feeds `decoder` with frames of the video element. Tells `onState` "running", or why not:
 * "missing", "refused", "taken" or "insecure".
 */
export function createCamera(video, decoder, onState) {
  let stream = null;
  let choice = "back";
  let isSubstitute = false;
  let isLit = false;
  let lastFrame = 0;
  let started = false;
  let opening = null;
  let attempts = 0;
  let pump = 0;
  let wakeLock = null;

  /** Opens the camera (again). Never rejects. */
  function start() {
    started = true;
    opening ??= open().finally(() => (opening = null));
    return opening;
  }

  /** Takes "back", "front" or a device's id from now on; while that device is away, any camera serves. */
  async function choose(wanted) {
    if (wanted === choice) return;
    choice = wanted;
    await opening;
    if (started) await start();
  }

  /** The cameras of this tablet as [{id, label}]; browsers give names only once the camera was allowed. */
  async function list() {
    const all = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
    return all.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "").map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  async function open() {
    close();
    if (!navigator.mediaDevices?.getUserMedia) return onState("insecure");
    try {
      stream = await take();
      video.srcObject = stream;
      track().onended = start;
      await video.play();
    } catch (error) {
      return fail(error);
    }
    attempts = 0;
    lastFrame = performance.now();
    pump += 1;
    next(pump);
    // A visitor who looks at the screen of a kiosk finds the frame only in a mirror.
    video.classList.toggle("mirrored", (track().getSettings?.().facingMode ?? (choice === "front" ? "user" : "")) === "user");
    adjust();
    stayAwake();
    return onState("running");
  }

  async function take() {
    isSubstitute = false;
    const anyCamera = (facing) => navigator.mediaDevices.getUserMedia({ video: { ...SIZE, facingMode: { ideal: facing } }, audio: false });
    if (choice === "back" || choice === "front") return anyCamera(choice === "front" ? "user" : "environment");
    try {
      return await navigator.mediaDevices.getUserMedia({ video: { ...SIZE, deviceId: { exact: choice } }, audio: false });
    } catch (error) {
      if (WHY[error?.name] !== "missing") throw error;
      isSubstitute = true; // unplugged, or the browser gave it a new id
      return anyCamera("environment");
    }
  }

  function close() {
    for (const each of stream?.getTracks() ?? []) {
      each.onended = null;
      each.stop();
    }
    stream = null;
  }

  function fail(error) {
    close();
    const why = WHY[error?.name] ?? "taken";
    if (why === "taken") setTimeout(() => stream === null && start(), PATIENCE_MS[Math.min(attempts++, PATIENCE_MS.length - 1)]);
    onState(why);
  }

  // An old loop ends by itself when a newer one was begun, so that reopening never doubles the frames.
  function next(mine) {
    const wait = video.requestVideoFrameCallback ? (go) => video.requestVideoFrameCallback(go) : requestAnimationFrame;
    wait(async () => {
      if (mine !== pump || stream === null) return;
      lastFrame = performance.now();
      if (decoder.isFree() && video.readyState >= 2 && video.videoWidth > 0) {
        try {
          decoder.decode(await createImageBitmap(video));
        } catch {
          // A frame that vanished under our hands: the next one comes.
        }
      }
      setTimeout(() => next(mine), Math.max(0, FRAME_MS - (performance.now() - lastFrame)));
    });
  }

  // Tracks survive a dark screen frozen, without a word: silence is the only sign.
  setInterval(() => {
    if (stream !== null && !document.hidden && performance.now() - lastFrame > SILENCE_MS) start();
  }, LOOK_MS);
  navigator.mediaDevices?.addEventListener?.("devicechange", async () => {
    await opening; // it may be opening a substitute just now
    if (started && (stream === null || isSubstitute)) start();
  });
  document.addEventListener("visibilitychange", () => {
    if (started && !document.hidden) start();
  });
  // Allowed in the browser's own menu: no second tap on "Try again".
  navigator.permissions?.query({ name: "camera" }).then((permission) => {
    permission.onchange = () => started && stream === null && permission.state === "granted" && start();
  }, () => null); // a browser without this question

  async function stayAwake() {
    try {
      if (wakeLock === null || wakeLock.released) wakeLock = await navigator.wakeLock.request("screen");
    } catch {
      wakeLock = null; // a low battery may refuse it
    }
  }

  function track() {
    return stream?.getVideoTracks()[0];
  }

  // Badges come at every distance and light: whatever the camera can keep adjusting by itself, it does. One call sets
  // all, since a later one would take back what an earlier one asked for.
  async function adjust() {
    const able = track()?.getCapabilities?.() ?? {};
    const wanted = Object.fromEntries(STEADY.filter((name) => able[name]?.includes?.("continuous")).map((name) => [name, "continuous"]));
    if (able.torch) wanted.torch = isLit;
    if (Object.keys(wanted).length > 0) await track().applyConstraints({ advanced: [wanted] }).catch(() => null);
  }

  /** Whether this camera has a light that the page may switch. */
  function hasTorch() {
    return Boolean(track()?.getCapabilities?.().torch);
  }

  /** Switches the light; it comes back when the camera is reopened. */
  function setTorch(on) {
    isLit = on;
    return adjust();
  }

  return { start, choose, list, hasTorch, setTorch };
}

const WHY = {
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotReadableError: "taken",
  AbortError: "taken",
};
