// The second way in: the short code under the QR, typed with gloves on. What was typed stays until it is right.
import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { isTokenForm, plainCode, readShortCode } from "./token.js";

const KEYS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Asks for a code and hands it to `onCode` in its printed form. */
export function openTyping(t, onCode) {
  const field = el("input", {
    id: "code", type: "text", inputmode: "none", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    dir: "ltr", maxlength: 40, "aria-describedby": "code-said", oninput: () => tell(),
  });
  const said = el("p", { id: "code-said", role: "status", class: "said" });
  const form = el("form", { onsubmit: submit },
    el("label", { for: "code" }, t("code_label")), field, said,
    el("div", { class: "keys", dir: "ltr" }, ...[...KEYS].map((key) => keyButton(key, key, () => write(key))),
      keyButton("⌫", t("erase"), erase, "erase"), el("button", { type: "submit", class: "main enter" }, t("enter"))));
  const dialog = openDialog(t, { id: "typing", title: t("type_code"), body: [form] });
  field.focus();
  tell();

  function submit(event) {
    event.preventDefault();
    const whole = field.value.trim().toUpperCase();
    const read = isTokenForm(whole) ? { code: whole } : readShortCode(field.value);
    if (read.error) return tell(t(`code_${read.error}`, { count: read.length }), true);
    dialog.close();
    return dialog.closed.then(() => onCode(read.code)); // nothing is taken while a dialog is open
  }

  function tell(text = t("code_progress", { count: plainCode(field.value).length }), isError = false) {
    said.textContent = text;
    said.classList.toggle("error", isError);
    field.setAttribute("aria-invalid", String(isError));
  }

  function write(key) {
    field.setRangeText(key, field.selectionStart, field.selectionEnd, "end");
    tell();
  }

  function erase() {
    const from = field.selectionStart === field.selectionEnd ? Math.max(0, field.selectionStart - 1) : field.selectionStart;
    field.setRangeText("", from, field.selectionEnd, "end");
    tell();
  }
}

// The field keeps the focus, so that screen keys and a real keyboard can be mixed.
function keyButton(text, label, press, name = "") {
  return el("button", { type: "button", class: `key ${name}`, "aria-label": label, onclick: press, onpointerdown: (event) => event.preventDefault() }, text);
}
