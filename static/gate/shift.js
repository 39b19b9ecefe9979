// Who stands at this tablet: an optional number, told at the start of a shift and kept with each scan.
import { serverNow } from "./clock.js";
import { isDialogOpen, openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { getSetting, putSetting } from "./store.js";

const LONGEST_SHIFT_MS = 12 * 3_600_000;
const LOOK_MS = 60_000;
const DIGITS = /[۰-۹٠-٩]/g;

let current = { number: "", day: "", at: 0 };

/** `timeZone()` is the event's; `onChange` is told the number. Asks again on a new event day or after twelve hours. */
export function createShift({ t, timeZone, onChange }) {
  const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: timeZone() }).format(serverNow());
  const isOver = () => current.number !== "" && (current.day !== today() || Math.abs(serverNow() - current.at) > LONGEST_SHIFT_MS);
  let ended = false;

  async function load() {
    current = (await getSetting("staff")) ?? current;
    if (isOver()) current = { number: "", day: "", at: 0 };
    onChange(current.number);
    // Only a tablet that has numbers is asked for the next one: a kiosk stays undisturbed.
    setInterval(look, LOOK_MS);
    document.addEventListener("visibilitychange", look);
  }

  async function begin(number) {
    ended = false;
    current = { number: cleanNumber(number), day: today(), at: serverNow() };
    onChange(current.number);
    await putSetting("staff", current);
  }

  function look() {
    if (isOver()) {
      current = { number: "", day: "", at: 0 };
      ended = true;
      onChange("");
    }
    if (ended && !document.hidden && !isDialogOpen()) ask();
  }

  /** Asks for the number of whoever comes now; an empty one is an answer too. */
  function ask() {
    ended = false;
    const field = numberField("shift-number", current.number);
    const form = el("form", { onsubmit: (event) => (event.preventDefault(), dialog.close(), begin(field.value)) },
      el("label", { for: "shift-number" }, t("staff_number")), field, el("p", { class: "said" }, t("staff_hint")),
      el("button", { type: "submit", class: "main" }, t("begin_shift")));
    const dialog = openDialog(t, { id: "shift", title: t("change_shift"), body: [form] });
    field.focus();
    field.select();
  }

  return { load, begin, ask };
}

/** The field of a staff number: at most eight letters, digits and dashes. */
export function numberField(id, value) {
  const field = el("input", {
    id, type: "text", inputmode: "numeric", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", dir: "ltr",
    oninput: () => (field.value = cleanNumber(field.value)),
  });
  field.value = value;
  return field;
}

// An Urdu keyboard writes its own digits.
function cleanNumber(text) {
  return text.replace(DIGITS, (digit) => digit.charCodeAt(0) & 0xf).replace(/[^0-9A-Za-z-]/g, "").slice(0, 8);
}
