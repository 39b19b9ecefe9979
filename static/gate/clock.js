// What time it is at the server. Tablets are hours or days off; scans are judged at their own moment.

const SESSION = randomId();
const FRESH_MS = 10 * 60_000;
const SLACK_MS = 2_000;

const DAY_MS = 86_400_000;
const WRITTEN = Date.UTC(2025, 11, 1); // a wall clock before this software was made has lost its battery

let sample = null;
let memory = null; // {offset, server}: what an earlier session knew

/** A random id that the server has never seen, also where the page is not in a secure context. */
export function randomId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Learns from an answer that carries the server's time. A server that doubts its own clock teaches nothing. */
export function learn({ body, sent, received }) {
  const server = Date.parse(body?.server_time ?? "");
  if (!Number.isFinite(server) || body.clock_ok === false) return;
  const half = (received - sent) / 2;
  if (sample !== null && isFresh() && half > sample.half * 4 + 50) return; // a slow answer says less than the last one
  const sinceMiddle = performance.now() - (received - half);
  const wall = Date.now();
  sample = { offset: server + sinceMiddle - wall, half, wall, mono: performance.now() };
}

/** Milliseconds to add to the tablet's wall clock; null while unknown, or when that clock was set since. */
export function offset() {
  return sample !== null && agree(sample, reading()) ? sample.offset : null;
}

/** The readings that are kept with a scan; its moment follows from them at the first send. */
export function stamp() {
  return { ...reading(), session: SESSION, offset_ms: isFresh() ? offset() : null };
}

/** The moment of a stamp as {at, clock}: ISO 8601 in UTC, `unsure` where the readings prove nothing. */
export function momentOf(stamped) {
  if (stamped.offset_ms !== null) return moment(stamped.wall + stamped.offset_ms, "sure");
  const known = offset();
  if (known === null) return moment(stamped.wall, "unsure");
  // A tablet that slept, restarted or was set since then cannot show that its wall clock ran on evenly.
  const proven = stamped.session === SESSION && agree(stamped, reading());
  return moment(stamped.wall + known, proven ? "sure" : "unsure");
}

/** The best guess of the server's present: for what is shown, and for judging without the server. */
export function serverNow() {
  return Date.now() + (offset() ?? memory?.offset ?? 0);
}

/** The best guess of a record's moment in milliseconds, whether it was fixed or not. */
export function guessMoment({ at, wall, offset_ms: known = null }) {
  return at === null ? wall + (known ?? offset() ?? memory?.offset ?? 0) : Date.parse(at);
}

/** Takes what an earlier session had learned: {offset, server}. */
export function recall(earlier) {
  memory = earlier ?? null;
}

/** What is worth keeping for the next session: {offset, server}, or null while it is what was kept already. */
export function worthKeeping() {
  const known = offset();
  if (known === null) return null;
  const server = Date.now() + known;
  if (memory !== null && Math.abs(memory.offset - known) < 1_000 && server - memory.server < FRESH_MS) return null;
  memory = { offset: known, server };
  return memory;
}

/**
 * Whether the wall clock is so far off that no certificate can hold: then HTTPS fails, whatever the network does.
 * Only worth asking while nothing is heard from the server.
 */
export function isImpossible() {
  if (memory === null) return Date.now() < WRITTEN;
  const now = Date.now() + memory.offset; // a clock that was always off by as much has worked before
  return now < memory.server - DAY_MS || now > memory.server + 300 * DAY_MS;
}

function reading() {
  return { wall: Date.now(), mono: performance.now() };
}

function agree(earlier, later) {
  return Math.abs(later.wall - earlier.wall - (later.mono - earlier.mono)) < SLACK_MS;
}

function isFresh() {
  return sample !== null && performance.now() - sample.mono < FRESH_MS;
}

function moment(milliseconds, clock) {
  return { at: new Date(milliseconds).toISOString(), clock };
}
