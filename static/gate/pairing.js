// How a tablet gets its token: once, by a code that an organiser made minutes ago.
import { APP, call } from "./api.js";
import { learn } from "./clock.js";
import { el } from "./dom.js";
import { getSetting, putSetting } from "./store.js";

/** The code of a pairing link, taken out of the address at once so that history and bookmarks never hold it. */
export function takeCodeFromAddress() {
  const code = new URLSearchParams(location.hash.slice(1)).get("pair");
  if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
  return code;
}

/** What the tablet knows of itself: {token, device, event, gates}, or undefined. */
export function readPairing() {
  return getSetting("pairing");
}

/** Trades a code for a token. Answers {pairing} or {problem: "pair_old" | "pair_offline"}. */
export async function pair(code) {
  const bare = code.trim().replace(/^.*#pair=/, ""); // some will paste the whole link
  const answer = await call("POST", "devices", { code: bare, app: APP });
  if (answer.status === 404 || answer.status === 400 || answer.status === 422) return { problem: "pair_old" };
  if (answer.status !== 201) return { problem: "pair_offline" };
  learn(answer);
  const { token, device, event, gates } = answer.body;
  const pairing = { token, device, event, gates: gates ?? [] };
  await putSetting("pairing", pairing);
  return { pairing };
}

/** The news of a greeting, kept so that the next start knows gates and time zone without a network. */
export async function refreshPairing(pairing, { device, event, gates }, keep) {
  const fresh = { ...pairing, device: device ?? pairing.device, event: { ...pairing.event, ...event }, gates: gates ?? pairing.gates };
  if (JSON.stringify(fresh) !== JSON.stringify(pairing)) await keep("pairing", fresh);
  return fresh;
}

/** The screen of an unpaired tablet: what to do, and a field for the code. */
export function pairingNotice(t, { code = "", problem = null, isLost = false, onCode, onBack = null }) {
  const field = el("input", { id: "pair-code", type: "text", autocomplete: "off", autocapitalize: "none", spellcheck: "false", dir: "ltr", maxlength: 200 });
  field.value = code;
  const submit = (event) => {
    event.preventDefault();
    if (field.value.trim() !== "") onCode(field.value);
  };
  return el("form", { class: "card", onsubmit: submit },
    el("h1", {}, t("pair_title")),
    el("p", {}, t(isLost ? "pair_lost" : "pair_hint")),
    el("label", { for: "pair-code" }, t("pair_field")), field,
    el("p", { class: "said error", role: "alert", id: "pair-problem" }, problem === null ? "" : t(problem)),
    el("button", { type: "submit", class: "main", id: "pair" }, t("pair")),
    onBack && el("button", { type: "button", class: "quiet", onclick: onBack }, t("back")));
}
