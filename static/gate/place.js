// Where the tablet stands: changed by who knows the PIN, for two minutes, or by a printed gate card.
import { call } from "./api.js";
import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { openGates } from "./lists.js";

const UNLOCKED_MS = 2 * 60_000;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "erase", "0", "enter"];

/**
 * Where a tablet at {gate, direction} stands by the gates of its pairing; null if that gate is not open. One that leads
 * one way decides the direction, one for both ways starts as a way in.
 */
export function standingOf(where, pairing) {
  const gate = pairing?.gates.find(({ slug }) => slug === where?.gate);
  if (gate === undefined) return null;
  const way = gate.direction === "both" ? where.direction : gate.direction;
  return { gate: gate.slug, direction: way === "out" ? "out" : "in" };
}

/** `onMove({gate, direction})` is told the choice. A spare tablet's first choice needs no PIN. */
export function createPlaceSwitch({ t, state, place, onMove }) {
  let unlockedUntil = 0;

  function open() {
    if (state.pairing === null) return;
    if (state.standing === null || performance.now() < unlockedUntil) choose();
    else askPin(t, unlock);
  }

  async function unlock(pin) {
    const { status, body } = await call("POST", "devices/self/unlock", { pin }, { token: state.pairing.token });
    if (status !== 200) return wordFor(status, body?.error?.reason);
    unlockedUntil = performance.now() + UNLOCKED_MS;
    choose();
    return null;
  }

  function choose() {
    openGates(t, state.pairing.gates, place(), onMove);
  }

  return { open };
}

// Opens the pad; `submit(pin)` answers null when all is said, else the word for what is wrong.
function askPin(t, submit) {
  const pin = el("input", { id: "unlock-pin", type: "password", inputmode: "none", autocomplete: "off", dir: "ltr", maxlength: 16, "aria-describedby": "unlock-said" });
  const said = el("p", { id: "unlock-said", role: "alert", class: "said" }, t("pin_or_card"));
  const form = el("form", { onsubmit: send }, el("label", { for: "unlock-pin" }, t("pin_label")), pin, said,
    el("div", { class: "pad", dir: "ltr" }, ...KEYS.map((key) => padKey(t, key, pin))));
  openDialog(t, { id: "unlock", title: t("change_gate"), body: [form] });
  pin.focus();

  async function send(event) {
    event.preventDefault();
    if (pin.value === "" || form.inert) return;
    form.inert = true;
    say("action_busy", false);
    const problem = await submit(pin.value);
    form.inert = false;
    if (problem !== null) say(problem, true);
    pin.value = "";
    pin.focus();
  }

  function say(key, isError) {
    said.textContent = t(key);
    said.classList.toggle("error", isError);
  }
}

// The field keeps the focus, so that the pad and a real keyboard can be mixed.
function padKey(t, key, pin) {
  const hold = (event) => event.preventDefault();
  if (key === "enter") return el("button", { type: "submit", class: "main" }, t("enter"));
  if (key === "erase") return el("button", { type: "button", "aria-label": t("erase"), onpointerdown: hold, onclick: () => (pin.value = pin.value.slice(0, -1)) }, "⌫");
  return el("button", { type: "button", onpointerdown: hold, onclick: () => (pin.value += key) }, key);
}

function wordFor(status, reason) {
  if (status === 429) return "action_locked";
  if (status === 403 && reason === "pin") return "action_pin";
  return status === 401 || status === 403 ? "contact_unpaired" : "gate_offline";
}
