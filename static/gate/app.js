// Wires the gate together and holds what the whole page must agree on.
import { createCamera } from "./camera.js";
import { createDecoder } from "./decoder.js";
import { createDesk } from "./desk.js";
import { el } from "./dom.js";
import { isDialogOpen } from "./dialog.js";
import { createPlace } from "./explain.js";
import { mark } from "./icons.js";
import { unpark } from "./outbox.js";
import { pair, pairingNotice, readPairing, refreshPairing, takeCodeFromAddress } from "./pairing.js";
import { startNotice, troubleNotice } from "./notices.js";
import { healthOf, linesOf, readinessOf } from "./readiness.js";
import { createScanning } from "./scanning.js";
import { createScreen, drawTop } from "./screen.js";
import { wakeSound } from "./sound.js";
import { getSetting, putSetting } from "./store.js";
import { createSync } from "./sync.js";
import { listenForScanner } from "./wedge.js";
import { say } from "./words.js";

const state = {
  language: "en", pairing: null, standing: null, today: null, tally: { count: 0, parked: 0 },
  contact: "online", camera: "idle", decoder: "starting", stored: true, mode: "scan", form: null,
};
const SPOKEN = ["pin", "locked", "refused"]; // of what was sent long after its dialog closed
const t = (key, values) => say(key, state.language, values);
const place = () => createPlace(state.pairing?.gates ?? [], state.pairing?.event?.time_zone ?? "UTC");

const screen = createScreen({ onChange: () => draw() });
const sync = createSync({
  token: () => state.pairing?.token ?? null,
  health: () => healthOf(state),
  tally: (tally) => change({ tally }),
  contact: heard,
  greeted,
  judged(record, judgement, answer) {
    if (Number.isInteger(answer.gate_today)) change({ today: answer.gate_today });
    scanning.judged(record, judgement);
  },
  acted(outcome, answer) {
    if (Number.isInteger(answer?.gate_today)) change({ today: answer.gate_today });
    if (!isDialogOpen() && SPOKEN.includes(outcome)) screen.toast(t(`action_${outcome}`));
  },
});
const scanning = createScanning({ sync, screen, place, standing: () => state.standing, onUnstored: () => change({ stored: false }) });
const desk = createDesk({ t, state, place, screen, scanning, sync });
const decoder = createDecoder({ onTexts: (texts) => accept(texts, "camera"), onState: (decoder) => change({ decoder }) });
const camera = createCamera(document.getElementById("video"), decoder, (camera) => change({ camera }));

await begin();

async function begin() {
  document.getElementById("where").onclick = () => desk.chooseGate(stand);
  document.getElementById("readiness").onclick = () => desk.showStatus(linesOf(t, state), () => askForCode({ onBack: showView }));
  document.getElementById("language").onclick = () => speak(state.language === "en" ? "ur" : "en");
  document.getElementById("torch").onclick = switchTorch;
  addEventListener("hashchange", pairFromAddress);
  listenForScanner((text) => accept([text.trim().toUpperCase()], "scanner"));
  try {
    state.language = (await getSetting("language")) ?? state.language;
    state.pairing = (await readPairing()) ?? null;
    state.standing = (await getSetting("standing")) ?? standingOf(state.pairing);
    await unpark(); // a mended server may read today what it could not read yesterday
  } catch {
    state.stored = false;
  }
  if (!(await pairFromAddress())) await go();
}

async function go() {
  if (state.pairing === null) return askForCode({});
  showView();
  return sync.start();
}

// ── pairing ──

async function pairFromAddress() {
  const code = takeCodeFromAddress();
  if (code !== null) await pairWith(code);
  return code !== null;
}

async function pairWith(code) {
  const { pairing, problem } = await pair(code);
  if (problem) return askForCode({ code, problem, onBack: state.pairing && showView });
  state.standing = standingOf(pairing);
  await putSetting("standing", state.standing);
  change({ pairing, contact: "online" });
  return go();
}

function askForCode(options) {
  screen.dismiss();
  change({ form: options });
}

// A gate for both ways starts as a way in.
function standingOf(pairing) {
  const gate = pairing?.gates.find(({ slug }) => slug === pairing.device.gate);
  if (gate === undefined) return null;
  const way = gate.direction === "both" ? (pairing.device.direction ?? "in") : gate.direction;
  return { gate: gate.slug, direction: way === "both" ? "in" : way };
}

// Nobody comes to look at a tablet that quietly stopped counting: the loss of its pairing stands on the whole screen.
function heard(contact) {
  const form = contact === "unpaired" ? (state.form ?? { isLost: true, onBack: showView }) : state.form?.isLost ? null : state.form;
  change({ contact, form });
}

async function greeted(body) {
  state.pairing = await refreshPairing(state.pairing, body);
  const isKnown = state.pairing.gates.some(({ slug }) => slug === state.standing?.gate);
  if (!isKnown) state.standing = standingOf(state.pairing);
  change({ today: body.gate_today ?? state.today });
}

// ── the quiet screen ──

async function stand(standing) {
  await putSetting("standing", standing);
  change({ standing });
  await sync.greet();
}

async function speak(language) {
  change({ language });
  await putSetting("language", language);
}

function showView() {
  change({ form: null });
}

async function startScanning() {
  wakeSound();
  navigator.storage?.persist?.();
  decoder.start();
  for (const weight of [400, 700]) document.fonts.load(`${weight} 1em "Noto Nastaliq Urdu"`, "\u0627"); // before the first verdict needs it
  await camera.start();
}

async function switchTorch({ currentTarget }) {
  const on = currentTarget.getAttribute("aria-pressed") !== "true";
  await camera.setTorch(on);
  currentTarget.setAttribute("aria-pressed", String(on));
}

// ── codes ──

function accept(tokens, source) {
  const replaceable = state.mode === "look-up" ? "look-up" : null; // the next badge takes the place of the last
  if (isDialogOpen(replaceable) || state.pairing === null || state.standing === null) return;
  if (state.mode === "look-up") desk.lookUp(tokens[0]);
  else scanning.take(tokens, source);
}

// ── drawing ──

function change(news) {
  Object.assign(state, news);
  draw();
}

function draw() {
  const { standing, language } = state;
  const where = standing === null ? [t("no_gate")] : [place().gate(standing.gate)[language], ` · ${t(standing.direction)}`];
  drawTop({ ...state, readiness: readinessOf(state), where });
  drawNotice();
  screen.actions(state.pairing === null ? [] : desk.actions({ enterMode: (mode) => change({ mode }), accept }), language);
  const torch = document.getElementById("torch");
  torch.hidden = state.camera !== "running" || !camera.hasTorch();
  torch.replaceChildren(mark("light"), el("span", {}, t("light")));
}

function drawNotice() {
  const { language, form, camera: eye, decoder: reader } = state;
  if (form) return screen.notice(`pair ${language} ${form.code} ${form.problem}`, () => pairingNotice(t, { ...form, onCode: pairWith }));
  if (reader !== "failed" && eye === "running") return screen.notice(null);
  if (reader !== "failed" && eye === "idle") return screen.notice(`start ${language}`, () => startNotice(t, startScanning));
  const trouble = reader === "failed" ? "decoder_failed" : `camera_${eye}`;
  return screen.notice(`${trouble} ${language}`, () => troubleNotice(t, trouble, () => camera.start()));
}
