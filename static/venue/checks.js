// What a tablet needs for the gate, measured for real. Each check answers {light, outcome, ...figures}: the light is
// green ("good"), red ("bad") or waits for a tap ("ask"), the outcome names the words that the page shows.

const ENOUGH_MB = 200; // the app, its decoder, a roster of 100,000 and days of scans take less than half
const CLOCK_MAY_BE_OFF_MS = 2 * 60 * 1000; // as the gate: it corrects for less, and says so beyond
const FEW_DAYS = 14; // an expo with its build-up and a day to spare
const PATIENCE_MS = 8000;

const good = (outcome = "good", figures = {}) => ({ light: "good", outcome, ...figures });
const bad = (outcome = "bad", figures = {}) => ({ light: "bad", outcome, ...figures });

/** From the plain page: whether this tablet opens the secure one without a warning. */
export async function trust(address) {
  try {
    await fetch(address, { mode: "no-cors", cache: "no-store", signal: patience() });
    return good();
  } catch {
    return bad();
  }
}

export function secure() {
  return window.isSecureContext ? good() : bad();
}

/** Without a tap nothing is asked of the person: only what is known already. */
export async function camera() {
  if (!window.isSecureContext) return bad("insecure");
  if (!navigator.mediaDevices?.getUserMedia) return bad("none");
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (!devices.some((device) => device.kind === "videoinput")) return bad("none");
  const state = await permission();
  if (state === "denied") return bad("denied");
  return state === "granted" ? tryCamera() : { light: "ask", outcome: "ask" };
}

/** Opens the camera and closes it again. */
export async function tryCamera() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: "environment" } } });
    for (const track of stream.getTracks()) track.stop();
    return good();
  } catch (error) {
    if (error.name === "NotAllowedError" || error.name === "SecurityError") return bad("denied");
    return bad(error.name === "NotFoundError" ? "none" : "busy");
  }
}

/** A certificate that was clicked away gives the camera but no worker, so one is installed for a moment. */
export async function worker(address) {
  if (!window.isSecureContext) return bad("insecure");
  try {
    const trial = await navigator.serviceWorker.register(address);
    await trial.unregister();
    return good();
  } catch {
    return bad();
  }
}

export async function storage() {
  try {
    await keepAndRead();
  } catch {
    return bad();
  }
  if (!navigator.storage?.estimate) return good("unmeasured");
  const { quota, usage } = await navigator.storage.estimate();
  const free = Math.floor((quota - usage) / 1e6);
  return free < ENOUGH_MB ? bad("little", { free, least: ENOUGH_MB }) : good("good", { free });
}

/** The server's answer with the least time on the way, of three; null when none came. */
export async function askServer(address) {
  let best = null;
  for (let times = 0; times < 3; times += 1) {
    const sent = Date.now();
    try {
      const answer = await fetch(address, { cache: "no-store", signal: patience() });
      const heard = Date.now();
      const said = await answer.json();
      if (!best || heard - sent < best.took) {
        best = { took: heard - sent, offset: Date.parse(said.server_time) - (sent + heard) / 2, said };
      }
    } catch {
      if (!best) return null;
    }
  }
  return best;
}

export function clock(answer) {
  if (!answer) return bad("silent");
  if (!answer.said.clock_ok) return bad("server");
  const figures = { offset: answer.offset };
  return Math.abs(answer.offset) > CLOCK_MAY_BE_OFF_MS ? bad("bad", figures) : good("good", figures);
}

export function certificate(answer) {
  if (!answer) return bad("silent");
  const told = answer.said.certificate;
  if (!told) return good("none");
  return told.days < FEW_DAYS ? bad("soon", told) : good("good", told);
}

function patience() {
  const end = new AbortController();
  setTimeout(() => end.abort(), PATIENCE_MS);
  return end.signal;
}

async function permission() {
  try {
    return (await navigator.permissions.query({ name: "camera" })).state;
  } catch {
    return "prompt"; // Safari before 16 and Firefox do not tell
  }
}

/** A real row into a real database, read back, and gone. */
function keepAndRead() {
  return new Promise((resolve, reject) => {
    const opened = indexedDB.open("checkin-trial", 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("rows");
    opened.onerror = () => reject(opened.error);
    opened.onsuccess = () => {
      const database = opened.result;
      const trial = database.transaction("rows", "readwrite");
      trial.objectStore("rows").put("kept", 1);
      trial.oncomplete = () => {
        const read = database.transaction("rows").objectStore("rows").get(1);
        read.onerror = () => reject(read.error);
        read.onsuccess = () => {
          database.close();
          indexedDB.deleteDatabase("checkin-trial");
          if (read.result === "kept") resolve();
          else reject(new Error("what was kept is not there"));
        };
      };
      trial.onabort = () => reject(trial.error);
    };
  });
}
