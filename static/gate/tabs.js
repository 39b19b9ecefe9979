// Two tabs of one tablet share outbox and roster on the disk; here they tell each other what has changed in them.

/** `on`: record(record, followed), roster(), outbox(), standing(standing) hear from the other tabs. */
export function createTabs(on) {
  const channel = new BroadcastChannel("gate");
  channel.onmessage = ({ data: [what, ...rest] }) => on[what]?.(...rest);
  return { tell: (what, ...rest) => channel.postMessage([what, ...rest]) };
}
