// The badges that a tablet knows, in typed arrays: a hundred thousand take some four megabytes, names included.
// Pure: no DOM, no network, no storage. Rows are those of GET /api/v1/roster: [number, issue, category, days, state, name?].

const REVOKED = "revoked";

/** An empty table of badges. */
export const NO_BADGES = Object.freeze({
  numbers: new Float64Array(0), // 40 bits each, ascending: what a 32-bit array cannot hold
  issues: new Uint8Array(0),
  categories: new Uint8Array(0),
  revoked: new Uint8Array(0),
  days: new Uint32Array(0), // the days that the visitor chose, bit i for the event's day i; 0 for all
  ends: new Uint32Array(0), // where each name ends in `names`
  names: new Uint8Array(0), // UTF-8
});

/** A roster over a `table` (NO_BADGES or what `pack` made), with the rows that came since laid over it. */
export function createRoster(table = NO_BADGES) {
  const news = new Map();

  /** What is known of a badge number: {issue, category, days, isRevoked, name}, or null. */
  function find(number) {
    const row = news.get(number);
    if (row !== undefined) return badgeOf(row);
    const at = placeOf(table.numbers, number);
    return table.numbers[at] === number ? badgeAt(table, at) : null;
  }

  function add(rows) {
    for (const row of rows) news.set(row[0], row);
  }

  /** One table with everything in it and these rows too, for a new roster and for the disk. */
  function packWith(rows = []) {
    const all = new Map(news);
    for (const row of rows) all.set(row[0], row);
    return merge(table, [...all.values()].sort((a, b) => a[0] - b[0]));
  }

  return { find, add, packWith, waiting: () => news.size, size: () => sizeOf(table, news) };
}

/** How many bytes a table takes. */
export function bytesOf(table) {
  return Object.values(table).reduce((sum, array) => sum + array.byteLength, 0);
}

function merge(old, rows) {
  const replaced = rows.reduce((count, [number]) => count + (old.numbers[placeOf(old.numbers, number)] === number), 0);
  const length = old.numbers.length + rows.length - replaced;
  const names = createBytes(old.names.length + rows.length * 24);
  const table = {
    numbers: new Float64Array(length),
    issues: new Uint8Array(length),
    categories: new Uint8Array(length),
    revoked: new Uint8Array(length),
    days: new Uint32Array(length),
    ends: new Uint32Array(length),
  };
  let from = 0;
  let next = 0;
  for (let to = 0; to < length; to += 1) {
    const isNew = next < rows.length && (from >= old.numbers.length || rows[next][0] <= old.numbers[from]);
    if (isNew) {
      const [number, issue, category, days, state, name = ""] = rows[next];
      if (old.numbers[from] === number) from += 1;
      put(table, to, number, issue, category, state === REVOKED ? 1 : 0, days);
      names.write(name);
      next += 1;
    } else {
      put(table, to, old.numbers[from], old.issues[from], old.categories[from], old.revoked[from], old.days[from]);
      names.copy(old.names.subarray(from === 0 ? 0 : old.ends[from - 1], old.ends[from]));
      from += 1;
    }
    table.ends[to] = names.length();
  }
  return { ...table, names: names.bytes() };
}

function put(table, at, number, issue, category, revoked, days) {
  table.numbers[at] = number;
  table.issues[at] = issue;
  table.categories[at] = category;
  table.revoked[at] = revoked;
  table.days[at] = days;
}

function badgeOf([, issue, category, days, state, name = ""]) {
  return { issue, category, days, isRevoked: state === REVOKED, name };
}

function badgeAt(table, at) {
  const name = table.names.subarray(at === 0 ? 0 : table.ends[at - 1], table.ends[at]);
  return {
    issue: table.issues[at],
    category: table.categories[at],
    days: table.days[at],
    isRevoked: table.revoked[at] === 1,
    name: new TextDecoder().decode(name),
  };
}

// Where a number stands, or would: the first place that is not smaller.
function placeOf(numbers, number) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sizeOf(table, news) {
  let size = table.numbers.length;
  for (const number of news.keys()) size += table.numbers[placeOf(table.numbers, number)] === number ? 0 : 1;
  return size;
}

// Bytes that grow as names are written to them.
function createBytes(least) {
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(Math.max(least, 1024));
  let used = 0;
  const makeRoom = (more) => {
    if (used + more <= bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes.length * 2, used + more));
    larger.set(bytes.subarray(0, used));
    bytes = larger;
  };
  return {
    write(text) {
      makeRoom(text.length * 3); // what UTF-8 needs at most for a UTF-16 unit
      used += encoder.encodeInto(text, bytes.subarray(used)).written;
    },
    copy(part) {
      makeRoom(part.length);
      bytes.set(part, used);
      used += part.length;
    },
    length: () => used,
    bytes: () => bytes.slice(0, used),
  };
}
