// The light: what the gate can do right now, and the lines behind it. Pure but for the battery.
import { APP } from "./api.js";
import { offset } from "./clock.js";

const CLOCK_TOLERANCE_MS = 120_000;

/** `ready`, `degraded` (works, with care) or `blocked` (nothing can be recorded). */
export function readinessOf({ pairing, standing, stored, contact, camera, decoder, tally }) {
  if (pairing === null || standing === null || !stored) return "blocked";
  // A wrong clock is listed but darkens nothing: moments are corrected, and a rehearsal shifts the server's on purpose.
  const isFine = contact === "online" && camera === "running" && decoder === "ready" && tally.parked === 0;
  return isFine ? "ready" : "degraded";
}

/** What the status dialog lists: [label, text, isFine]. */
export function linesOf(t, { camera, decoder, contact, tally }) {
  const trouble = decoder === "failed" ? "decoder_failed" : `camera_${camera}`;
  const isSeeing = camera === "running" && decoder === "ready";
  return [
    [t("status_camera"), isSeeing ? t("fine") : t(hasStarted(camera, decoder) ? trouble : "not_started"), isSeeing],
    [t("status_server"), contact === "online" ? t("fine") : t(`contact_${contact}`), contact === "online"],
    [t("status_outbox"), tally.parked > 0 ? t("parked", { count: tally.parked }) : String(tally.count), tally.count === 0],
    [t("status_clock"), clockText(t), isClockFine()],
  ];
}

/** What the server wants to know of the tablet every minute. */
export async function healthOf({ standing, tally }) {
  const clock = offset();
  return {
    ...(standing ?? {}),
    battery: await batteryLevel(),
    outbox: tally.count,
    app: APP,
    offset_ms: clock === null ? null : Math.round(clock),
  };
}

function hasStarted(camera, decoder) {
  return decoder === "failed" || !["idle", "running"].includes(camera);
}

// Unknown is fine: a server that doubts its own clock must not darken every light in the hall.
function isClockFine() {
  return Math.abs(offset() ?? 0) < CLOCK_TOLERANCE_MS;
}

function clockText(t) {
  const known = offset();
  if (known === null) return t("clock_unknown");
  return isClockFine() ? t("fine") : t("clock_off", { minutes: Math.round(Math.abs(known) / 60_000) });
}

// 0 to 1; null where the browser does not tell.
async function batteryLevel() {
  const battery = await navigator.getBattery?.().catch(() => null);
  return battery ? battery.level : null;
}
