// A judgement becomes what the gate shows: pure, so that every verdict can be looked at and tested without a server.
import { guessMoment } from "./clock.js";
import { both, hasWord } from "./words.js";

const NEXT = {
  held: "let_wait",
  not_yet: "let_wait",
  wrong_gate: "to_other_gate",
  already_in: "one_entry",
  malformed: "scan_again",
  conflict: "scan_again",
};
const SECONDS = { admitted: 4, "re-entry": 4, left: 4, check: 8, refused: 8 };

/**
 * What the screen shows for a judgement of a scan, the server's or (`confirmed` false) the tablet's own: {verdict, reason, check, confirmed, scan, look, word,
 * visitor, title, fact, seconds}. `place` knows gates' names and the event's time zone.
 */
export function explain(judgement, record, place) {
  const { verdict, reason = null, check = null } = judgement;
  const isUnlisted = judgement.is_unlisted === true;
  const look = check === "too_soon" || isUnlisted ? "check" : verdict;
  return {
    verdict,
    reason,
    check,
    confirmed: judgement.confirmed ?? true,
    scan: judgement.id,
    look,
    word: both(look),
    visitor: visitorOf(judgement.visitor),
    title: verdict === "refused" ? titleOf(reason) : isUnlisted ? both("unlisted") : null,
    fact: factOf(judgement, record, place),
    seconds: SECONDS[look],
  };
}

/** What the screen shows while nobody judged: nothing turns green without the server's word. */
export function explainUnjudged(record, why) {
  const [reason, title, fact, seconds] = UNJUDGED[why];
  return {
    verdict: "idle",
    reason,
    check: null,
    confirmed: false,
    scan: record?.id ?? null,
    look: why === "asking" ? "asking" : "check",
    word: both(why === "asking" ? "asking" : "wait"),
    visitor: null,
    title: title && both(title),
    fact: fact && both(fact),
    seconds,
  };
}

/** What the screen shows after a supervisor let a refused visitor in. */
export function explainOverride(shown) {
  return {
    ...shown,
    verdict: "admitted",
    reason: "override",
    look: "admitted",
    word: both("admitted"),
    title: null,
    fact: both("let_in_by_supervisor"),
    seconds: SECONDS.admitted,
  };
}

/** A category or a gate may bring its Urdu name or not. */
export function visitorOf(visitor) {
  if (!visitor) return null;
  const category = visitor.category_name || visitor.category?.replaceAll(/[-_]/g, " ") || null;
  return {
    name: visitor.name || null, // empty where the event keeps names off tablets
    nameUr: visitor.name_ur || null,
    organisation: visitor.organisation || null,
    category: category && { en: category, ur: visitor.category_name_ur || null },
  };
}

/** The gates' names, and times of the event's own day. */
export function createPlace(gates, timeZone) {
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone });
  const bySlug = new Map(gates.map((gate) => [gate.slug, gate]));
  return {
    time: (at) => (Number.isFinite(Date.parse(at)) ? clock.format(new Date(at)) : ""),
    gate: (slug) => ({ en: bySlug.get(slug)?.name ?? slug ?? "", ur: bySlug.get(slug)?.name_ur || bySlug.get(slug)?.name || slug || "" }),
  };
}

const UNJUDGED = {
  asking: ["asking", null, null, null],
  offline: ["unsent", "unsent", "kept", 20],
  busy: ["unsent", "unsent", "kept", 20],
  online: ["unsent", "unsent", "kept", 20], // an answer came, but none for this scan
  unpaired: ["unpaired", "unsent", "kept_unpaired", null],
  parked: ["parked", null, "kept_parked", 20],
  unstored: ["unstored", "not_stored", "not_stored_next", null],
};

function titleOf(reason) {
  return both(reason !== null && hasWord(reason) ? reason : "other_reason");
}

function factOf(judgement, record, place) {
  const { verdict, check, first, previous, note } = judgement;
  if (verdict === "refused") return refusedFact(judgement, place);
  if (check === "too_soon" && previous) return usedBefore(previous, record, place);
  if (verdict === "re-entry" && first) return both("in_since", { time: place.time(first.at), gate: place.gate(first.gate) });
  if (verdict === "left" && first) return hereFor(first, record);
  return note === "after_hours" ? both("after_hours") : null;
}

function refusedFact({ reason, badge, first, message }, place) {
  const next = both(NEXT[reason] ?? "to_desk");
  if (reason === "replaced" && badge?.issued_at) {
    const key = badge.issued_by ? "new_printed_by" : "new_printed";
    return joined(both(key, { time: place.time(badge.issued_at), who: badge.issued_by }), next);
  }
  if (reason === "already_in" && first) {
    return joined(ended(both("in_since", { time: place.time(first.at), gate: place.gate(first.gate) })), next);
  }
  // The organiser wrote the message in English, and perhaps on a second line in Urdu. It stands alone: with the advice
  // below it the longest would not fit on a phone.
  if (reason === "held" && message) {
    const [en, ur] = message.split("\n");
    return { en, ur: ur || next.ur };
  }
  return next;
}

function usedBefore(previous, record, place) {
  const minutes = Math.round((guessMoment(record) - Date.parse(previous.at)) / 60_000);
  const key = minutes >= 1 ? "used_before" : "used_just_now";
  return both(key, { minutes, gate: place.gate(previous.gate) });
}

function hereFor(first, record) {
  const minutes = Math.round((guessMoment(record) - Date.parse(first.at)) / 60_000);
  if (!(minutes >= 1)) return null;
  return both("here_for", { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}

function ended({ en, ur }) {
  return { en: `${en}.`, ur: `${ur}۔` };
}

function joined(one, other) {
  return { en: `${one.en} ${other.en}`, ur: `${one.ur} ${other.ur}` };
}
