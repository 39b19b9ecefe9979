// What the quiet screen offers beside scanning: a newer version, and a place on the home screen.
import { el } from "./dom.js";

/** Shows or hides the strip that applies an update. The same button stays in place between two drawings. */
export function drawUpdate(t, isOffered, language, onApply) {
  const strip = document.getElementById("update");
  const key = isOffered ? language : "";
  if ((strip.dataset.key ?? "") === key) return;
  strip.dataset.key = key;
  strip.replaceChildren(...(isOffered ? [el("button", { type: "button", onclick: onApply }, t("update_ready"))] : []));
}

/** A notice with the offer to install under it, where the browser can. */
export function withInstall(t, notice, isInstallable, onInstall) {
  if (isInstallable) notice.append(el("button", { type: "button", id: "install", onclick: onInstall }, t("install")));
  return notice;
}
