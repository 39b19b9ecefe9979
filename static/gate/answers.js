// What an answer of the server means for the outbox, and how a scan is written on the wire. Pure.

/** A record as an item of a batch; what else the tablet knows of it stays here. */
export function wireForm({ id, token, at, clock, source, gate, direction, staff = null, shown = null }) {
  const sent = { id, token, scanned_at: at, clock, source, gate, direction };
  return { ...sent, ...(staff === null ? {} : { staff }), ...(shown === null ? {} : { shown }) };
}

/** How the tablet stands with the server: `online`, `offline`, `busy` or `unpaired`. */
export function contactOf({ status }) {
  if (status === 401 || status === 403) return "unpaired";
  if (status === 0) return "offline";
  return status >= 500 || status === 429 || status === 408 ? "busy" : "online";
}

/** What became of an undo or override: `done`, `pin`, `locked`, `refused`, or `kept` to be sent again. */
export function outcomeOf({ status, body }) {
  if (status === 200) return "done";
  const reason = body?.error?.reason;
  if (reason === "pin") return status === 429 ? "locked" : "pin";
  if (reason === "not_yours") return "refused";
  // 404: the server has not seen the scan yet, which a restored or lagging server will.
  if ([0, 401, 403, 404, 408, 429].includes(status) || status >= 500) return "kept";
  return "refused";
}
