// The check page: runs the checks, lights each line green or red, and shows the words that the page holds for it.

import * as checks from "./checks.js";

const list = document.querySelector("#checks");
const summary = document.querySelector("#summary");
const camera = document.querySelector("#try-camera");
const language = document.documentElement.lang;
const ONLY_SECURE = ["secure", "camera", "worker"]; // red on every plain page
const lights = new Map();

/** Figures as people of this page's language write them. */
function written(name, figure) {
  if (name === "offset") return duration(figure);
  if (name === "until") return new Date(figure).toLocaleDateString(language, { dateStyle: "long", timeZone: "UTC" });
  return typeof figure === "number" ? figure.toLocaleString(language) : figure;
}

function duration(ms) {
  const seconds = Math.abs(ms) / 1000;
  const [amount, unit] =
    seconds < 120 ? [seconds, "second"] : seconds < 7200 ? [seconds / 60, "minute"] : seconds < 172800 ? [seconds / 3600, "hour"] : [seconds / 86400, "day"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: amount < 10 ? 1 : 0 }).format(amount);
}

function show(box, { light, outcome, ...figures }) {
  box.dataset.light = light;
  box.dataset.shown = outcome;
  for (const words of box.querySelectorAll("[data-outcome]")) {
    words.hidden = words.dataset.outcome !== outcome;
    if (words.hidden) continue;
    words.dataset.words ??= words.textContent;
    words.textContent = words.dataset.words.replace(/\{(\w+)\}/g, (_, name) => written(name, figures[name]));
  }
}

function tell(name, result) {
  const line = list.querySelector(`[data-check="${name}"]`);
  if (!line) return;
  lights.set(name, result.light);
  show(line, result);
  if (name === "camera") camera.hidden = result.light === "good" || ["insecure", "none"].includes(result.outcome);
  sum();
}

function sum() {
  const isDone = lights.size === list.children.length;
  const isTrusted = lights.get("trust") === "good";
  const matter = [...lights].filter(([name]) => !(isTrusted && ONLY_SECURE.includes(name)));
  const seen = new Set(matter.map(([, light]) => light));
  const light = seen.has("bad") ? "bad" : !isDone ? "wait" : seen.has("ask") ? "ask" : "good";
  const isFurther = isTrusted && light === "good";
  show(summary, { light: isFurther ? "ask" : light, outcome: isFurther ? "further" : light });
  document.querySelector("#gate").hidden = light !== "good" || isFurther;
  const securely = document.querySelector("#securely");
  if (securely) securely.hidden = !isTrusted;
}

async function run() {
  lights.clear();
  const { now, secure, worker } = list.dataset;
  const asked = checks.askServer(now);
  await Promise.all([
    secure && checks.trust(secure).then((result) => tell("trust", result)),
    tell("secure", checks.secure()),
    checks.camera().then((result) => tell("camera", result)),
    checks.worker(worker).then((result) => tell("worker", result)),
    checks.storage().then((result) => tell("storage", result)),
    asked.then((answer) => {
      tell("clock", checks.clock(answer));
      tell("certificate", checks.certificate(answer));
    }),
  ]);
}

document.querySelector("#again").addEventListener("click", run);
camera.addEventListener("click", async () => tell("camera", await checks.tryCamera()));
run();
