// What the tablet knows without asking: roster, keys, passages. It reads a badge and judges it as the server would.
import { guessMoment } from "./clock.js";
import { createLedger } from "./ledger.js";
import { createRoster, NO_BADGES } from "./roster.js";
import { readKnown } from "./rosterstore.js";
import { isGenuine, parseToken, plainCode, readGateCard, readShortCode } from "./token.js";
import { createRules } from "./verdict.js";

const ACCEPTED = ["admitted", "re-entry", "left"];
const SHORT_CODE = /^[0-9A-Z]{9}$/;

/** Nothing is known before `load`; without a roster and a key nothing is judged here. */
export function createKnowledge() {
  const ledger = createLedger();
  let head = null;
  let rules = null;
  let roster = createRoster();
  let keys = new Map();
  const followedBy = new Map(); // scan id → undo or override, whatever the server says of the scan itself

  /** Takes what the disk holds; `scans` are this tablet's own, with what followed them. */
  async function load(scans) {
    const known = await readKnown();
    ledger.forget();
    roster = createRoster(known.table ?? NO_BADGES);
    for (const rows of known.pages) roster.add(rows);
    keys = known.keys;
    setHead(known.head);
    ledger.learn(known.passages.flat(), true);
    for (const scan of scans) note(scan, scan.followed);
  }

  /** Takes one answer of the roster endpoint that `rosterstore` has written down. */
  function learn({ head: news, keys: newKeys, rows, passages, isWhole, isNewHistory, table }) {
    if (isNewHistory) roster = createRoster();
    for (const [number, key] of newKeys) keys.set(number, key);
    if (table) roster = createRoster(table);
    else roster.add(rows);
    ledger.learn(passages, isWhole);
    setHead(news);
  }

  function setHead(news) {
    const isSame = JSON.stringify(news?.event) === JSON.stringify(head?.event);
    head = news;
    if (!isSame || rules === null) rules = head?.event ? createRules(head.event) : null;
  }

  /** What a text turns out to be: {reading, number, issue, category, keyNumber}; null while nothing can be told. */
  async function read(text) {
    if (!isReady()) return null;
    const claim = parseToken(text);
    if (claim !== null) {
      const key = keys.get(claim.keyNumber);
      const holds = key !== undefined && (await isGenuine(claim, key, head.event.slug));
      const { number, issue, category, keyNumber } = claim;
      return holds ? { reading: "genuine", number, issue, category, keyNumber } : { reading: "forged" };
    }
    if (!SHORT_CODE.test(plainCode(text))) return { reading: "forged" };
    return { reading: "short_code", number: readShortCode(text).number ?? null };
  }

  /** Judges a scan {id, at, gate, direction} of what was read, at the moment `at` (milliseconds). */
  function judge(scan, found) {
    const { badge, listed } = badgeOf(found);
    const { day } = rules.placeOf(scan);
    const passages = badge === null || day === null ? [] : ledger.passagesOf(found.number, day);
    const days = listed === null || listed.days === 0 ? [] : chosenDays(listed.days);
    const judged = rules.judge(scan, { reading: found.reading, badge, days, passages });
    const isLetIn = ACCEPTED.includes(judged.verdict);
    return {
      ...judged,
      id: scan.id,
      confirmed: false,
      is_unlisted: isLetIn && badge?.isUnlisted === true,
      visitor: visitorOf(badge, listed),
      badge: null,
      first: seen(judged.first),
      previous: seen(judged.previous),
    };
  }

  // A day that has left the event still narrows the choice, so an empty date stands for it.
  function chosenDays(mask) {
    return ["", ...rules.dates.filter((_, i) => mask & (1 << i))];
  }

  // The contract: the roster's word stands; what it does not know is trusted under the newest key alone.
  function badgeOf({ reading, number = null, issue, category, keyNumber }) {
    const listed = number === null ? null : roster.find(number);
    const known = (fields) => ({ revokedAt: null, replacedAt: null, isUnlisted: false, ...fields });
    if (reading === "forged") return { badge: null, listed: null };
    if (reading === "short_code") {
      return { badge: listed && known({ category: listed.category, revokedAt: listed.isRevoked ? 0 : null }), listed };
    }
    if (issue < Math.max(listed?.issue ?? -1, ledger.newestIssue(number))) return { badge: known({ category, replacedAt: 0 }), listed };
    if (issue === listed?.issue) return { badge: known({ category, revokedAt: listed.isRevoked ? 0 : null }), listed };
    return { badge: keyNumber === head.newest_key ? known({ category, isUnlisted: true }) : null, listed };
  }

  function visitorOf(badge, listed) {
    const category = badge && rules.category(badge.category);
    if (!category) return null;
    return { name: (head.event.names_on_tablets && listed?.name) || "", category: category.slug, category_name: category.name, category_name_ur: category.name_ur };
  }

  /** Keeps what became of a scan of this tablet: what the server said, else what the screen showed. */
  function note(scan, followed = null) {
    if (followed !== null) followedBy.set(scan.id, followed);
    if (rules === null || scan.kind !== "scan") return;
    const number = scan.read?.number ?? parseToken(scan.token)?.number ?? readShortCode(scan.token).number;
    if (scan.read?.issue !== undefined) ledger.sawIssue(scan.read.number, scan.read.issue);
    const verdict = scan.verdict ?? scan.shown?.verdict;
    if (number === undefined || verdict === undefined) return;
    const after = followedBy.get(scan.id) ?? null;
    const counts = after !== "undo" && (ACCEPTED.includes(verdict) || after === "override");
    const at = guessMoment(scan);
    const { zone, direction } = rules.placeOf({ ...scan, at });
    // Where the gate led then: it may lead elsewhere by now.
    if (counts) ledger.accept(number, { id: scan.id, at, zone: scan.read?.zone ?? zone, gate: scan.gate, direction });
    else ledger.retract(scan.id);
  }

  function forget() {
    ledger.forget();
    followedBy.clear();
    roster = createRoster();
    keys = new Map();
    setHead(null);
  }

  /** Where a gate card sends the tablet, as token.js tells it. */
  function gateCard(text) {
    return readGateCard(text, keys, head?.event.slug ?? "", head?.event.gates.map(({ slug }) => slug) ?? []);
  }

  function isReady() {
    return rules !== null && head !== null && keys.has(head.newest_key);
  }

  return {
    load, learn, read, judge, note, forget, gateCard, isReady,
    head: () => head,
    roster: () => roster,
    emptyRoster: () => createRoster(),
    keyNumbers: () => [...keys.keys()],
    dayOf: (at) => rules?.dayOf(at)?.date ?? null,
  };
}

function seen(passage) {
  return passage && { at: new Date(passage.at).toISOString(), gate: passage.gate, direction: passage.direction };
}
