// The light: what the gate can do right now, and the lines behind it. Pure but for the battery.
import { APP } from "./api.js";
import { offset, serverNow } from "./clock.js";

const CLOCK_TOLERANCE_MS = 120_000;
const STALE_MS = 15 * 60_000; // a roster older than this no longer knows the newest badges
const LOW = 0.15;

/** `ready`, `degraded` (works, with care) or `blocked` (nothing can be recorded). */
export function readinessOf(state) {
  const { pairing, standing, stored, wiped, clockImpossible } = state;
  if (pairing === null || standing === null || !stored || wiped || clockImpossible) return "blocked";
  const { contact, camera, decoder, tally, roster, battery } = state;
  // A wrong clock is listed but darkens nothing: moments are corrected, and a rehearsal shifts the server's on purpose.
  const isFine = contact === "online" && camera === "running" && decoder === "ready" && tally.parked === 0;
  return isFine && !isStale(roster) && !isLow(battery) ? "ready" : "degraded";
}

/** What the status dialog lists: [label, text, isFine, what to do]. */
export function linesOf(t, { camera, decoder, contact, tally, roster, battery, shell, clockImpossible }) {
  const trouble = decoder === "failed" ? "decoder_failed" : `camera_${camera}`;
  const isSeeing = camera === "running" && decoder === "ready";
  return [
    [t("status_camera"), isSeeing ? t("fine") : t(hasStarted(camera, decoder) ? trouble : "not_started"), isSeeing],
    [t("status_server"), contact === "online" ? t("fine") : t(`contact_${contact}`), contact === "online", t("next_server")],
    [t("status_roster"), rosterText(t, roster), !isStale(roster), t("next_roster")],
    [t("status_outbox"), tally.parked > 0 ? t("parked", { count: tally.parked }) : String(tally.count), tally.count === 0],
    [t("status_clock"), clockImpossible ? t("clock_impossible") : clockText(t), isClockFine() && !clockImpossible, t("next_clock")],
    [t("status_battery"), battery === null ? t("battery_unknown") : `${Math.round(battery.level * 100)} %`, !isLow(battery), t("next_battery")],
    [t("status_shell"), t(`shell_${shell.offline}`), shell.offline === "ready"],
  ];
}

/** What the server wants to know of the tablet every minute. */
export function healthOf({ standing, tally, roster, battery, erased, shell, moved }) {
  const clock = offset();
  return {
    ...(standing ?? {}),
    battery: battery?.level ?? null,
    outbox: tally.count,
    app: shell.version === null ? APP : `${APP} ${shell.version}`,
    offset_ms: clock === null ? null : Math.round(clock),
    roster_age_s: roster === null ? null : Math.max(0, Math.round((serverNow() - roster.knownAt) / 1000)),
    ...(erased ? { erased: true } : {}),
    ...(moved === null ? {} : { moved }),
  };
}

/** {level (0 to 1), isCharging}; null where the browser does not tell. `onChange` hears of each change. */
export async function watchBattery(onChange) {
  const battery = await navigator.getBattery?.().catch(() => null);
  if (!battery) return onChange(null);
  const tell = () => onChange({ level: battery.level, isCharging: battery.charging });
  for (const event of ["levelchange", "chargingchange"]) battery.addEventListener(event, tell);
  return tell();
}

function isStale(roster) {
  return roster === null || serverNow() - roster.knownAt > STALE_MS;
}

function isLow(battery) {
  return battery !== null && battery.level < LOW && !battery.isCharging;
}

function rosterText(t, roster) {
  if (roster === null) return t("roster_none");
  const minutes = Math.max(0, Math.round((serverNow() - roster.knownAt) / 60_000));
  const count = roster.size.toLocaleString("en");
  return minutes < 1 ? t("roster_fresh", { count }) : t("roster_age", { count, minutes });
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
