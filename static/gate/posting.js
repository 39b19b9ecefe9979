// Where organisers want the tablet: its gate was closed or leads another way, or it is to go to another one.
import { getSetting } from "./store.js";

/** Where a newly paired tablet stands: {gate, direction}, or null without a gate that is open. */
export function standingOf(pairing) {
  return settled(pairing?.device, pairing?.gates ?? []);
}

/** `on`: state() is asked; change(news), keep(name, value), moveTo({gate, direction}) and refresh() are told. */
export function createPosting(on) {
  async function load() {
    on.change({ moved: (await getSetting("moved")) ?? null });
  }

  /** Takes what a greeting told: the gates of the renewed pairing, and a `move` or null. `before`: the names until now. */
  async function heard(move, before) {
    const { standing, pairing } = on.state();
    const fresh = settled(standing, pairing.gates) ?? standingOf(pairing);
    if (JSON.stringify(fresh) !== JSON.stringify(standing)) {
      on.change({ standing: fresh, closedGate: fresh === null ? before.gate(standing.gate) : null });
      await on.keep("standing", fresh);
    }
    if (move !== null && move.number !== on.state().moved) await follow(move);
  }

  // The number goes with the next greeting, so that the server knows that the tablet has heard.
  async function follow({ number, gate, direction }) {
    on.change({ moved: number });
    await on.keep("moved", number);
    await on.moveTo({ gate, direction });
    on.refresh(); // a gate that is new has no rules here yet
  }

  return { load, heard };
}

// A one-way gate decides the direction; one for both ways starts as a way in.
function settled(standing, gates) {
  const gate = gates.find(({ slug }) => slug === standing?.gate);
  if (gate === undefined) return null;
  const way = gate.direction === "both" ? standing.direction : gate.direction;
  return { gate: gate.slug, direction: way === "out" ? "out" : "in" };
}
