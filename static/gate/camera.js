// The camera: opened by one tap, kept open through everything that closes cameras on a busy tablet.

const WANTED = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
const SILENCE_MS = 3_000;
const LOOK_MS = 1_000;
const FRAME_MS = 60; // sixteen frames a second are enough for a badge in motion, and spare the battery
const PATIENCE_MS = [1_000, 2_000, 4_000, 10_000];

/**
 * Feeds `decoder` with frames of the video element. Tells `onState` "running", or why not:
 * "missing", "refused", "taken" or "insecure".
 */
export function createCamera(video, decoder, onState) {
  let stream = null;
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

  async function open() {
    close();
    if (!navigator.mediaDevices?.getUserMedia) return onState("insecure");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
      video.srcObject = stream;
      stream.getVideoTracks()[0].onended = start;
      await video.play();
    } catch (error) {
      return fail(error);
    }
    attempts = 0;
    lastFrame = performance.now();
    pump += 1;
    next(pump);
    stayAwake();
    return onState("running");
  }

  function close() {
    for (const track of stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
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
  navigator.mediaDevices?.addEventListener?.("devicechange", () => {
    if (started && stream === null) start();
  });
  document.addEventListener("visibilitychange", () => {
    if (started && !document.hidden) start();
  });

  async function stayAwake() {
    try {
      if (wakeLock === null || wakeLock.released) wakeLock = await navigator.wakeLock.request("screen");
    } catch {
      wakeLock = null; // a low battery may refuse it
    }
  }

  /** Whether this camera has a light that the page may switch. */
  function hasTorch() {
    return Boolean(stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
  }

  async function setTorch(on) {
    await stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: on }] }).catch(() => null);
  }

  return { start, hasTorch, setTorch };
}

const WHY = {
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotReadableError: "taken",
  AbortError: "taken",
};
