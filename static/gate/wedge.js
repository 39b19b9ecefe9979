// USB and Bluetooth scanners that type like a keyboard: told from a person by their speed.

const FASTEST_PERSON_MS = 50;
const LEAST_KEYS = 8;
const CODE_FIELDS = "#code, #pair-code"; // here a scan is what the field waits for

/** Listens to the whole page, other fields included: no PIN is typed by a badge. Hands the scanned text to `onText`. */
export function listenForScanner(onText) {
  let keys = "";
  let first = 0;
  let last = 0;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.target.closest?.(CODE_FIELDS) || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.timeStamp - last > 500) keys = "";
      last = event.timeStamp;
      if (event.key.length === 1) {
        if (keys === "") first = event.timeStamp;
        keys += letterOf(event);
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
      if (event.target.matches?.("input:not([type=range], [type=radio], [type=checkbox])")) event.target.value = "";
      onText(text);
    },
    { capture: true },
  );
}

// On a tablet that is set to Urdu the scanner's keys come as Urdu letters: then the place of the key tells.
function letterOf({ key, code }) {
  return key > "~" ? (/^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? key) : key;
}
