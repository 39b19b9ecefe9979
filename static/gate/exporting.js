// An outbox that cannot reach its server leaves the tablet as a file, which the organiser reads in.
import { el } from "./dom.js";

/** Buttons that save or share what `read()` hands out; sharing only where the tablet shares files. */
export function exportButtons(t, read, name) {
  const save = el("button", { type: "button", "data-action": "save_outbox", onclick: async () => download(fileOf(await read(), name)) }, t("save_outbox"));
  // Browsers share a list of file types without JSON in it, so the shared one calls itself a text.
  const canShare = navigator.canShare?.({ files: [new File([""], "outbox.txt", { type: "text/plain" })] });
  const share = canShare && el("button", {
    type: "button",
    onclick: async () => navigator.share({ files: [fileOf(await read(), name, ".txt", "text/plain")] }).catch(() => null), // sharing was called off
  }, t("share_outbox"));
  return [save, share];
}

/** `checkin-outbox-TABLET-DATE.json`, with the tablet's name made safe for any file system. */
function fileName(tablet, savedAt) {
  const safe = tablet.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 40);
  return `checkin-outbox-${safe || "tablet"}-${savedAt.slice(0, 10)}.json`;
}

function fileOf(content, tablet, ending = "", type = "application/json") {
  return new File([JSON.stringify(content, null, 1)], fileName(tablet, content.saved_at) + ending, { type });
}

function download(file) {
  const link = el("a", { href: URL.createObjectURL(file), download: file.name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
