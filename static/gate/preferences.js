// What the staff chose for this tablet: camera, sound, theme. Kept over restarts, in force at once.
import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { LOOKS, play, wakeSound } from "./sound.js";
import { getSetting, putSetting } from "./store.js";

const DEFAULTS = { camera: "back", volume: 75, vibrate: true, theme: "normal" };
const THEMES = ["normal", "dark", "sunlight"];

/** `apply(preferences)` puts them in force. */
export function createPreferences(apply) {
  let chosen = DEFAULTS;

  async function load() {
    chosen = { ...DEFAULTS, ...(await getSetting("preferences")) };
    apply(chosen);
  }

  function set(news) {
    chosen = { ...chosen, ...news };
    apply(chosen);
    return putSetting("preferences", chosen);
  }

  return { load, set, get: () => chosen };
}

/** The dialog. `cameras` as [{id, label}], `staff` the number of now; `onLanguage` and `onShift` belong to the page. */
export function openPreferences(t, preferences, { cameras, language, staff, onLanguage, onShift }) {
  const { camera, volume, vibrate, theme } = preferences.get();
  const said = el("output", { for: "volume" }, volumeText(t, volume));
  const slider = el("input", {
    id: "volume", type: "range", min: 0, max: 100, step: 5, value: volume, "aria-valuetext": volumeText(t, volume),
    oninput: ({ target }) => {
      preferences.set({ volume: Number(target.value) });
      said.textContent = volumeText(t, Number(target.value));
      slider.setAttribute("aria-valuetext", said.textContent);
    },
    onchange: () => tryOut("admitted"),
  });
  const shake = el("input", { id: "vibrate", type: "checkbox", checked: vibrate, onchange: ({ target }) => preferences.set({ vibrate: target.checked }) });
  const body = [
    el("label", { for: "camera" }, t("camera_choice")),
    el("select", { id: "camera", onchange: ({ target }) => preferences.set({ camera: target.value }) }, ...cameraOptions(t, cameras, camera)),
    el("label", { for: "volume", class: "split" }, t("volume"), said), slider,
    el("fieldset", { class: "tests" }, el("legend", {}, t("sound_test")),
      ...LOOKS.map((look) => el("button", { type: "button", "data-look": look, onclick: () => tryOut(look) }, t(look)))),
    navigator.vibrate && el("label", { class: "tick" }, shake, t("vibrate")),
    segments("theme", t("theme"), THEMES.map((name) => [name, t(`theme_${name}`), null]), theme, (name) => preferences.set({ theme: name })),
    segments("tongue", t("language"), [["en", "English", "en"], ["ur", "اردو", "ur"]], language, (name) => (dialog.close(), onLanguage(name))),
    el("div", { class: "split" }, el("p", {}, `${t("staff_number")}: ${staff || "–"}`),
      el("button", { type: "button", "data-action": "shift", onclick: () => (dialog.close(), onShift()) }, t("change_shift"))),
  ];
  const dialog = openDialog(t, { id: "settings", title: t("preferences"), body: body.filter(Boolean) });
}

async function tryOut(look) {
  await wakeSound();
  play(look);
}

function cameraOptions(t, cameras, chosen) {
  const options = [["back", t("camera_back")], ["front", t("camera_front")],
    ...cameras.map(({ id, label }, index) => [id, label || `${t("status_camera")} ${index + 1}`])];
  // A remembered camera that is unplugged stays chosen: it may come back.
  if (!options.some(([value]) => value === chosen)) options.push([chosen, t("camera_gone")]);
  return options.map(([value, text]) => el("option", { value, selected: value === chosen }, text));
}

function segments(name, label, entries, chosen, onChoice) {
  return el("fieldset", { class: "segments" }, el("legend", {}, label),
    ...entries.map(([value, text, lang]) => el("label", { lang },
      el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onChoice(value) }), el("span", {}, text))));
}

function volumeText(t, volume) {
  return volume === 0 ? t("muted") : `${volume} %`;
}
