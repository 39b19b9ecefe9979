// Wires the gate together and holds what the whole page must agree on.
import { createCamera } from "./camera.js";
import { isImpossible } from "./clock.js";
import { createDecoder, createMemory } from "./decoder.js";
import { createDesk } from "./desk.js";
import { el } from "./dom.js";
import { isDialogOpen } from "./dialog.js";
import { createPlace, explain } from "./explain.js";
import { createKnowledge } from "./knowledge.js";
import { mark } from "./icons.js";
import { createShell } from "./install.js";
import { createOffline } from "./offline.js";
import { unpark } from "./outbox.js";
import { pair, pairingNotice, readPairing, refreshPairing, takeCodeFromAddress } from "./pairing.js";
import { startNotice, troubleNotice, troubleOf } from "./notices.js";
import { drawUpdate, withInstall } from "./offers.js";
import { standingOf } from "./place.js";
import { createPreferences, openPreferences } from "./preferences.js";
import { healthOf, linesOf, readinessOf, watchBattery } from "./readiness.js";
import { createScanning } from "./scanning.js";
import { createScreen, drawTop } from "./screen.js";
import { createShift } from "./shift.js";
import { setSound, wakeSound } from "./sound.js";
import { getSetting, putSetting } from "./store.js";
import { createSync } from "./sync.js";
import { listenForScanner } from "./wedge.js";
import { say } from "./words.js";

const state = {
  language: "en", pairing: null, standing: null, today: null, tally: { count: 0, parked: 0 },
  contact: "online", camera: "idle", decoder: "starting", stored: true, mode: "scan", form: null,
  roster: null, battery: null, erased: false, wiped: false, clockImpossible: false, staff: null,
  closedGate: null, moved: null,
  shell: { offline: "installing", persisted: false, updateReady: false, installable: false, version: null }, underway: 0,
};
// What "Try again" does in troubles that stand before everything else.
const MENDS = {
  storage_full: () => putSetting("language", state.language).then(() => change({ stored: true }), () => null),
  storage_wiped: () => change({ wiped: false }),
  clock_blocked: () => sync.greet(),
  gate_closed: () => desk.chooseGate(),
};
const SPOKEN = ["pin", "locked", "refused"]; // of what was sent long after its dialog closed
const t = (key, values) => say(key, state.language, values);
const place = () => createPlace(state.pairing?.gates ?? [], state.pairing?.event?.time_zone ?? "UTC");

const isNewToScanner = createMemory();
const knowledge = createKnowledge();
const screen = createScreen({ onChange: () => draw() });
const sync = createSync({
  token: () => state.pairing?.token ?? null,
  health: () => healthOf(state),
  tally: (tally) => change({ tally }),
  contact: heard,
  greeted,
  retired: () => offline.erase(),
  judged(record, judgement, answer) {
    scanning.judged(record, judgement);
    change(Number.isInteger(answer.gate_today) ? { today: answer.gate_today } : {});
    offline.heard(answer.revision);
  },
  acted(_action, outcome, answer) {
    if (Number.isInteger(answer?.gate_today)) change({ today: answer.gate_today });
    if (!isDialogOpen() && SPOKEN.includes(outcome)) screen.toast(t(`action_${outcome}`));
  },
});
const scanning = createScanning({
  sync, screen, knowledge, place, standing: () => state.standing, staff: () => state.staff, contact: () => state.contact,
  onUnstored: () => change({ stored: false }), onOtherwise, onKept: (scan) => offline.share(scan),
});
const offline = createOffline(knowledge, {
  state: () => state, token: () => state.pairing?.token ?? null, change, heard: (answer) => sync.note(answer),
  followed: scanning.followed, resume: scanning.resume, flush: () => sync.flush(), greet: () => sync.greet(),
});
const desk = createDesk({ t, state, place, screen, scanning, sync, stand, onPreferences: choosePreferences, onShift: () => shift.ask() });
const shift = createShift({ t, timeZone: () => state.pairing?.event?.time_zone ?? "UTC", onChange: (number) => change({ staff: number || null }) });
const preferences = createPreferences(prefer);
const decoder = createDecoder({ onTexts: (texts) => accept(texts, "camera"), onState: (decoder) => change({ decoder }) });
const camera = createCamera(document.getElementById("video"), decoder, (camera) => change({ camera }));
const shell = createShell({ onState: (shell) => (Object.assign(state, { shell }), drawAgain()), isQuiet });
let isDrawn = false;

shell.start(); // never waited for: the gate works with the network alone as well
await begin();

async function begin() {
  document.getElementById("where").onclick = desk.chooseGate;
  document.getElementById("preferences").onclick = choosePreferences;
  document.getElementById("readiness").onclick = () => desk.showStatus(linesOf(t, state), () => askForCode({ onBack: showView }));
  document.getElementById("language").onclick = () => speak(state.language === "en" ? "ur" : "en");
  document.getElementById("torch").onclick = switchTorch;
  addEventListener("hashchange", pairFromAddress);
  listenForScanner((text) => accept([text.trim().toUpperCase()], "scanner"));
  new MutationObserver(drawAgain).observe(document.body, { childList: true }); // a dialog opened or closed
  try {
    state.language = (await getSetting("language")) ?? state.language;
    await preferences.load();
    state.pairing = (await readPairing()) ?? null;
    state.standing = (await getSetting("standing")) ?? standingOf(state.pairing?.device, state.pairing);
    state.moved = (await getSetting("moved")) ?? null;
    await shift.load();
    change({ wiped: state.pairing === null && offline.wasPaired() });
    await offline.begin();
    await unpark(); // a mended server may read today what it could not read yesterday
  } catch {
    state.stored = false;
  }
  offline.opened();
  watchBattery((battery) => change({ battery }));
  if (!(await pairFromAddress())) await go();
}

async function go() {
  if (state.pairing === null) return askForCode({});
  showView();
  offline.mark();
  await sync.start();
  offline.refresh();
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
  if (state.pairing !== null && state.pairing.event.slug !== pairing.event.slug) await offline.forgetAll(); // another expo
  state.standing = standingOf(pairing.device, pairing);
  await putSetting("standing", state.standing);
  change({ pairing, contact: "online", wiped: false });
  return go();
}

function askForCode(options) {
  screen.dismiss();
  change({ form: options });
}

// Nobody comes to look at a tablet that quietly stopped counting: the loss of its pairing stands on the whole screen.
function heard(contact) {
  if (contact === "online" && state.contact !== "online") offline.refresh();
  const form = contact === "unpaired" ? (state.form ?? { isLost: true, onBack: showView }) : state.form?.isLost ? null : state.form;
  change({ contact, form, clockImpossible: contact === "offline" && isImpossible() });
}

// What organisers changed meanwhile: the gate was closed or leads another way, or the tablet is wanted elsewhere.
async function greeted(body) {
  const before = place();
  state.pairing = await refreshPairing(state.pairing, body, keep);
  const { pairing, standing: last, closedGate } = state;
  const standing = standingOf(last, pairing) ?? standingOf(pairing.device, pairing);
  change({ standing, closedGate: standing ? null : last ? before.gate(last.gate) : closedGate, today: body.gate_today ?? state.today });
  await keep("standing", standing);
  if (!body.move || body.move.number === state.moved) return;
  change({ moved: body.move.number }); // told with the next greeting, so that the server knows that we have heard
  await keep("moved", state.moved);
  await desk.moveTo(body.move);
  offline.refresh(); // a gate that is new has no rules here yet
}

// ── the quiet screen ──

async function stand(standing) {
  await keep("standing", standing);
  change({ standing, closedGate: null });
  await sync.greet();
}

async function speak(language) {
  change({ language });
  screen.redraw();
  await keep("language", language);
}

function keep(name, value) {
  return putSetting(name, value).catch(() => change({ stored: false }));
}

function showView() {
  change({ form: null });
}

async function startScanning(staff) {
  wakeSound();
  shift.begin(staff).catch(() => change({ stored: false }));
  shell.keep();
  decoder.start();
  for (const weight of [400, 700]) document.fonts.load(`${weight} 1em "Noto Nastaliq Urdu"`, "\u0627"); // before the first verdict needs it
  await camera.start();
}

function prefer({ camera: eye, theme, ...sound }) {
  setSound(sound);
  document.documentElement.dataset.theme = theme;
  camera.choose(eye);
  drawAgain();
}

async function choosePreferences() {
  const cameras = await camera.list();
  openPreferences(t, preferences, { cameras, language: state.language, staff: state.staff, onLanguage: speak, onShift: shift.ask });
}

async function switchTorch({ currentTarget }) {
  const on = currentTarget.getAttribute("aria-pressed") !== "true";
  await camera.setTorch(on);
  currentTarget.setAttribute("aria-pressed", String(on));
}

// ── codes ──

function accept(tokens, source) {
  const replaceable = state.mode === "look-up" ? "look-up" : null; // the next badge takes the place of the last
  if (isDialogOpen(replaceable, "unlock", "gates")) {
    if (source === "scanner") screen.toast(t("close_first")); // a camera sees badges all the time, a scanner is aimed
    return;
  }
  if (state.mode === "look-up" && state.pairing !== null) desk.lookUp(tokens[0]);
  else keepCount(take(tokens, source));
}

// A gate card moves the tablet and is no scan; all else is one, if the tablet knows where it stands.
async function take(tokens, source) {
  await offline.loaded; // a badge that is shown while the page still opens is judged too
  if (state.pairing === null) return;
  const badges = [];
  for (const token of tokens) {
    const card = await knowledge.gateCard(token);
    if (card === null) badges.push(token);
    else if (card === "unknown") screen.toast(t("gate_card_unknown"));
    else await desk.moveTo(card);
  }
  // A dialog that waits for a gate card lets no badge through.
  if (badges.length > 0 && isDialogOpen(state.mode)) return screen.toast(t("close_first"));
  // The camera's reader knows by itself what it has seen; a scanner's trigger is pressed twice in a hurry.
  const fresh = source === "scanner" ? badges.filter(isNewToScanner) : badges;
  if (fresh.length > 0 && state.standing === null) screen.toast(t("no_gate"));
  else if (fresh.length > 0) await scanning.take(fresh, source);
}

async function keepCount(work) {
  change({ underway: state.underway + 1 });
  await work.finally(() => change({ underway: state.underway - 1 }));
}

/** Whether the page may go away for a moment: no scan under way, no verdict shown, no dialog open. */
function isQuiet() {
  return state.underway === 0 && screen.shown() === null && !isDialogOpen() && state.mode === "scan";
}

function onOtherwise({ record, shown, judgement }) {
  screen.otherwise({ name: judgement.visitor?.name ?? "", shown, judged: judgement, fact: explain(judgement, record, place()).fact });
}

// ── drawing ──

function change(news) {
  Object.assign(state, news);
  draw();
}

// For what may come before the first drawing, when it is not known yet whether the tablet is paired.
function drawAgain() {
  if (isDrawn) draw();
}

function draw() {
  isDrawn = true;
  const { standing, language } = state;
  const where = standing === null ? [t("no_gate")] : [place().gate(standing.gate)[language], ` · ${t(standing.direction)}`];
  const today = state.today === null ? null : state.today + scanning.uncounted(standing?.gate);
  drawTop({ ...state, today, readiness: readinessOf(state), where, isMuted: preferences.get().volume === 0 });
  drawNotice();
  drawUpdate(t, state.shell.updateReady && isQuiet(), language, shell.apply);
  screen.actions(state.pairing === null ? [] : desk.actions({ enterMode: (mode) => change({ mode }), accept }), language);
  const torch = document.getElementById("torch");
  torch.hidden = state.camera !== "running" || !camera.hasTorch();
  torch.replaceChildren(mark("light"), el("span", {}, t("light")));
}

function drawNotice() {
  const { language, form, camera: eye } = state;
  const trouble = troubleOf(state);
  const isGrave = trouble !== null && MENDS[trouble] !== undefined;
  if (form && !isGrave) return screen.notice(`pair ${language} ${form.code} ${form.problem}`, () => pairingNotice(t, { ...form, onCode: pairWith }));
  if (state.pairing === null && !isGrave) return screen.notice("opening", () => el("p", {})); // no Start before it is known what starts
  const values = { gate: state.closedGate };
  if (trouble !== null) return screen.notice(`${trouble} ${language}`, () => troubleNotice(t, trouble, MENDS[trouble] ?? (() => camera.start()), values));
  if (eye === "running") return screen.notice(null);
  const canInstall = state.shell.installable;
  return screen.notice(`start ${language} ${canInstall}`, () =>
    withInstall(t, startNotice(t, { staff: state.staff ?? "", onStart: startScanning }), canInstall, shell.install));
}
