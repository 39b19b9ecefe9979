// One dialog at a time, modal, closed by its button, by Escape or by the caller. Scanning pauses while it is open.
import { el } from "./dom.js";

let open = null;

/** Whether a dialog is open; those of the given ids do not count. */
export function isDialogOpen(...except) {
  return open !== null && open.open && !except.includes(open.id);
}

/** Closes whatever dialog is open: something else has settled what it asked for. */
export function closeDialog() {
  open?.close();
}

/** Opens a dialog with a title and a body; `t` says words in the page's language. Hands back {close, closed}. */
export function openDialog(t, { id, title, body, actions = [], tone = null }) {
  open?.close();
  const close = el("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, t("close"));
  // The heading takes the first focus: a focused button at the end would scroll a long list out of sight.
  const heading = el("h2", { id: "dialog-title", dir: "auto", tabindex: -1, autofocus: true }, title);
  const dialog = el("dialog", { id, "aria-labelledby": "dialog-title", "data-tone": tone },
    heading, el("div", { class: "body" }, ...body), el("div", { class: "row" }, ...actions, close));
  const closed = new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      if (open === dialog) open = null;
      dialog.remove();
      resolve();
    });
  });
  open = dialog;
  document.body.append(dialog);
  dialog.showModal();
  return { close: () => dialog.close(), closed };
}

/** A list of big buttons; the tap is the answer. */
export function choices(entries, onChoice) {
  return el("div", { class: "choices" },
    ...entries.map(([value, text]) => el("button", { type: "button", "data-value": value, onclick: () => onChoice(value) }, text)));
}
