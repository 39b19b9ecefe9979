// May this badge enter? Facts in, judgement out: the twin of admission/policy.py, run by the same table of cases
// (tests/contract/verdicts.json). Pure: no DOM, no network, no storage, no clock, no time-zone code.

/**
 * The rules of an event as the roster tells them (`event` of GET /api/v1/roster), ready to judge.
 * Moments are milliseconds since 1970; each day comes with its bounds.
 */
export function createRules(event) {
  const days = event.days.map((day) => ({
    date: day.date,
    starts: Date.parse(day.starts),
    ends: Date.parse(day.ends),
    opens: Date.parse(day.opens),
    closes: Date.parse(day.closes),
  }));
  const gates = new Map(event.gates.map((gate) => [gate.slug, gate]));
  const closed = new Map((event.closed_gates ?? []).map((gate) => [gate.slug, gate]));
  const categories = new Map(event.categories.map((category) => [category.number, category]));
  const againAfter = event.again_after_minutes * 60_000;

  /** The event day of a moment, or null between and beyond the event's days. */
  function dayOf(at) {
    return days.find((day) => day.starts <= at && at < day.ends) ?? null;
  }

  // A gate that was closed later was open then.
  function gateAt(slug, at) {
    const gate = gates.get(slug) ?? closed.get(slug) ?? null;
    return gate !== null && gate.closed_at && at >= Date.parse(gate.closed_at) ? null : gate;
  }

  /** Gate, zone, direction and day of a scan. A one-way gate overrides what the tablet says of its direction. */
  function placeOf({ at, gate: slug, direction }) {
    const gate = gateAt(slug, at);
    const isOneWay = gate !== null && gate.direction !== "both";
    return { gate, direction: isOneWay ? gate.direction : direction, zone: gate?.zone ?? "", day: dayOf(at) };
  }

  /**
   * Judges `scan` {id, at, gate, direction} by `facts` {reading, badge, days, passages}: `badge` {category, revokedAt,
   * replacedAt} or null, `days` the dates that the visitor chose (empty: all), `passages` [{id, at, zone, gate,
   * direction}] of the visitor on the scan's day. Answers {verdict, reason, check, note, message, zone, direction,
   * first, previous}.
   */
  function judge(scan, facts) {
    const place = placeOf(scan);
    const earlier = earlierOf(scan, place.zone, facts.passages);
    const entries = earlier.filter(({ direction }) => direction === "in");
    const answer = {
      verdict: "refused",
      reason: null,
      check: null,
      note: null,
      message: "",
      zone: place.zone,
      direction: place.direction,
      first: entries[0] ?? null,
      previous: earlier.at(-1) ?? null,
    };
    if (facts.reading === "forged") return { ...answer, reason: "forged" };
    const category = facts.badge === null ? undefined : categories.get(facts.badge.category);
    if (category === undefined) return { ...answer, reason: "unknown" };
    if (place.gate !== null && place.direction === "out") return { ...answer, verdict: "left" };
    const reason = refusal(scan, place, facts, category);
    if (reason === "held") return { ...answer, reason, message: holdOf(scan.gate, category.slug) };
    if (reason !== null) return { ...answer, reason };
    if (entries.length > 0 && event.re_entry === "refuse" && place.zone === event.first_zone) {
      return { ...answer, reason: "already_in" };
    }
    const note = scan.at > place.day.closes ? "after_hours" : null;
    if (entries.length === 0) return { ...answer, verdict: "admitted", note, first: { ...scan, zone: place.zone, direction: "in" } };
    return { ...answer, verdict: "re-entry", note, check: isTooSoon(scan, answer.previous) ? "too_soon" : null };
  }

  function refusal(scan, { gate, day }, { badge, days: chosen }, category) {
    if (isPast(badge.revokedAt, scan.at)) return "revoked";
    if (isPast(badge.replacedAt, scan.at)) return "replaced";
    if (holdOf(scan.gate, category.slug) !== null) return "held";
    const isItsDay = day !== null && category.days.includes(day.date) && (chosen.length === 0 || chosen.includes(day.date));
    if (!isItsDay) return "not_today";
    if (scan.at < day.opens - category.early_minutes * 60_000) return "not_yet";
    if (gate === null || (gate.categories.length > 0 && !gate.categories.includes(category.slug))) return "wrong_gate";
    return null;
  }

  // The gate's reason stands before the category's.
  function holdOf(gate, category) {
    return event.holds.gate[gate] ?? event.holds.category[category] ?? null;
  }

  // A badge that entered a few minutes ago and did not leave since is likely a copy: someone else holds it.
  function isTooSoon(scan, last) {
    return last.direction === "in" && scan.at - last.at <= againAfter;
  }

  return { judge, placeOf, dayOf, category: (number) => categories.get(number) ?? null, dates: days.map(({ date }) => date) };
}

function isPast(moment, at) {
  return moment !== null && moment <= at;
}

// The passages of the scan's zone before it, earliest first, ties by scan id; what came later has not happened yet.
function earlierOf(scan, zone, passages) {
  return passages.filter((passage) => passage.zone === zone && isBefore(passage, scan)).sort((a, b) => (isBefore(a, b) ? -1 : 1));
}

function isBefore(one, other) {
  return one.at < other.at || (one.at === other.at && one.id < other.id);
}
