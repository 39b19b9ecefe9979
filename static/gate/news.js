// Roster down: asks for what is new, a page at a time, and hands it to the disk and to the knowledge.
import { call } from "./api.js";
import { serverNow } from "./clock.js";
import { offerAgain } from "./outbox.js";
import { eraseKnown, writeAnswer, writeHead } from "./rosterstore.js";
import { importKey } from "./token.js";

const EVERY_MS = 60_000;
const SOON_MS = 4_000;
const PAGE_MS = 45_000;
const PACK_AT = 3_000; // rows that wait before the table is packed anew

/** `on`: token() is asked; answered(answer), learned(), restored(), unstored(error) and over() are told. */
export function createNews(knowledge, on) {
  let timer = null;
  let asking = null;

  /** Asks now, and from then on every minute; only one tab of the tablet does, the others read what it wrote. */
  function refresh() {
    clearTimeout(timer);
    asking ??= ask().catch(console.error).finally(() => {
      asking = null;
      plan(EVERY_MS);
    });
    return asking;
  }

  /** A scan's answer told another revision than ours, newer or put back: ask soon, though not all tablets at once. */
  function heard(revision) {
    const head = knowledge.head();
    if (head !== null && Number.isInteger(revision) && revision !== head.revision) plan(SOON_MS);
  }

  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(refresh, wait * (0.75 + Math.random() * 0.5));
  }

  async function ask() {
    if (on.token() === null) return;
    if (!navigator.locks) return drain();
    await navigator.locks.request("gate-roster", { ifAvailable: true }, (lock) => lock && drain());
  }

  async function drain() {
    for (let more = true; more; ) more = await askForPage();
  }

  async function askForPage() {
    const head = knowledge.head();
    const query = new URLSearchParams({ since: head?.revision ?? 0, after: head?.cursor ?? "", have: knowledge.keyNumbers().join(",") });
    const answer = await call("GET", `roster?${query}`, undefined, { token: on.token(), timeout: PAGE_MS, etag: head?.etag ?? null });
    on.answered(answer);
    if (answer.status === 410) on.over();
    if (answer.status === 304) {
      await writeHead({ ...head, known_at: serverNow() });
      knowledge.learn({ ...NOTHING, head: { ...head, known_at: serverNow() } });
      on.learned();
    }
    if (answer.status !== 200) return false;
    return take(answer, head);
  }

  // A history that is not ours: what we hold was told by a server that has since been put back to an earlier state.
  async function take({ body, etag }, head) {
    const isOtherHistory = head !== null && head.revision > 0 && (body.epoch !== head.epoch || body.revision < head.revision);
    const mustForgetNames = head?.event?.names_on_tablets === true && !body.event.names_on_tablets;
    if (isOtherHistory || mustForgetNames) {
      if (isOtherHistory) await offerAgain();
      const rewound = { ...head, epoch: body.epoch, event: body.event, revision: 0, cursor: "", etag: null };
      await writeHead(rewound);
      knowledge.learn({ ...NOTHING, head: rewound });
      if (isOtherHistory) on.restored();
      return true;
    }
    const keys = new Map();
    const secrets = crypto.subtle === undefined ? [] : Object.entries(body.keys); // none where the page is not secure
    for (const [number, secret] of secrets) keys.set(Number(number), await importKey(bytesOf(secret)));
    const isNewHistory = (head?.revision ?? 0) === 0;
    const news = {
      keys,
      rows: body.badges,
      passages: body.admitted ?? [],
      isWhole: body.whole === true && !body.more,
      isNewHistory,
      head: {
        epoch: body.epoch,
        revision: body.revision,
        cursor: body.more ? (head?.cursor ?? "") : body.cursor,
        etag: body.more ? null : etag,
        day: body.day,
        event: body.event,
        newest_key: body.newest_key,
        erase_at: body.erase_at,
        known_at: body.more ? (head?.known_at ?? null) : serverNow(),
        is_whole: !body.more,
      },
    };
    news.table = tableWith(news);
    await writeAnswer(news).catch(on.unstored); // a full tablet still judges by what it was just told
    knowledge.learn(news);
    on.learned();
    return body.more === true;
  }

  // Many rows become a packed table at once; a few are cheaper kept beside it.
  function tableWith({ rows, isNewHistory }) {
    const roster = isNewHistory ? knowledge.emptyRoster() : knowledge.roster();
    if (roster.waiting() + rows.length < PACK_AT) return null;
    return roster.packWith(rows);
  }

  /** Erases all that the server can tell again, and the names with it. */
  async function erase() {
    knowledge.forget();
    await eraseKnown();
  }

  return { refresh, heard, erase };
}

const NOTHING = { keys: new Map(), rows: [], passages: [], isWhole: false, isNewHistory: false, table: null };

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
