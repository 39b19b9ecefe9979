// USB and Bluetooth scanners that type like a keyboard: told from a person by their speed.

const FASTEST_PERSON_MS = 50;
const LEAST_KEYS = 8;

/** Listens to the whole page, except while somebody types in a field. Hands the scanned text to `onText`. */
export function listenForScanner(onText) {
  let keys = "";
  let first = 0;
  let last = 0;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.target.closest?.("input, textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.timeStamp - last > 500) keys = "";
      last = event.timeStamp;
      if (event.key.length === 1) {
        if (keys === "") first = event.timeStamp;
        keys += event.key;
        return;
      }
      if (event.key !== "Enter" && event.key !== "Tab") return;
      // The average decides, not the slowest key: Bluetooth delivers in gulps.
      const isScanner = keys.length >= LEAST_KEYS && (event.timeStamp - first) / keys.length <= FASTEST_PERSON_MS;
      const text = keys;
      keys = "";
      if (!isScanner) return;
      event.preventDefault(); // or Enter would press the button that has the focus
      event.stopPropagation();
      onText(text);
    },
    { capture: true },
  );
}
