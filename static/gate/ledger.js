// Who passed today, as far as this tablet knows: its own scans, and what the roster tells of all gates. Pure.

/** Passages by badge number, and the newest issue that this tablet has seen of each badge. */
export function createLedger() {
  const own = new Map(); // badge number → its passages here
  const numbers = new Map(); // scan id → badge number
  const elsewhere = new Map(); // badge number → its passages at all gates, by zone
  const retracted = new Set(); // own passages that were undone, as the roster would tell them
  const issues = new Map();

  /** Takes an accepted scan of this tablet: {id, at, zone, gate, direction}. */
  function accept(number, passage) {
    retract(passage.id);
    retracted.delete(nameOf(number, passage));
    own.set(number, [...(own.get(number) ?? []), passage]);
    numbers.set(passage.id, number);
  }

  /** Takes it back: undone, or refused by the server. */
  function retract(id) {
    const number = numbers.get(id);
    if (number === undefined) return;
    const passages = own.get(number);
    const passage = passages.find((one) => one.id === id);
    retracted.add(nameOf(number, passage));
    own.set(number, passages.filter((one) => one !== passage));
    numbers.delete(id);
  }

  /** Takes the roster's rows [number, zone, at, gate, last_at, last_gate, last_direction]; `at` null: nobody entered. */
  function learn(rows, isWhole) {
    if (isWhole) elsewhere.clear();
    for (const [number, zone, at, gate, lastAt, lastGate, lastDirection] of rows) {
      const others = (elsewhere.get(number) ?? []).filter((passage) => passage.zone !== zone);
      if (at !== null) others.push({ id: "", at: Date.parse(at), zone, gate, direction: "in" });
      if (lastAt && !(lastAt === at && lastGate === gate)) {
        others.push({ id: "", at: Date.parse(lastAt), zone, gate: lastGate, direction: lastDirection });
      }
      elsewhere.set(number, others);
    }
  }

  /** The passages of a badge within a day's bounds, in no order. */
  function passagesOf(number, { starts, ends }) {
    const others = (elsewhere.get(number) ?? []).filter((passage) => !retracted.has(nameOf(number, passage)));
    return [...others, ...(own.get(number) ?? [])].filter(({ at }) => starts <= at && at < ends);
  }

  function sawIssue(number, issue) {
    if (issue > newestIssue(number)) issues.set(number, issue);
  }

  /** The newest issue seen here, −1 for none. */
  function newestIssue(number) {
    return issues.get(number) ?? -1;
  }

  function forget() {
    for (const kept of [own, numbers, elsewhere, retracted, issues]) kept.clear();
  }

  return { accept, retract, learn, passagesOf, sawIssue, newestIssue, forget };
}

function nameOf(number, { at, gate }) {
  return `${number} ${at} ${gate}`;
}
