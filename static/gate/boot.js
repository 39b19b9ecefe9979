// Opens the gate. On a first visit the service worker brings all of it as one small pack, instead of some fifty requests
// over a weak Wi-Fi; where it cannot, or does not within seconds, the page loads file by file, so nothing hangs on it.
const WAIT_MS = 8_000;

const workers = navigator.serviceWorker; // missing where the page is not secure
if (workers && workers.controller === null) {
  const opening = showOpening();
  await Promise.race([takenOver().catch(() => {}), new Promise((resolve) => setTimeout(resolve, WAIT_MS))]);
  opening.remove();
}
await dress();
document.getElementById("app").hidden = false;
await import("./app.js");

/** Ends when the worker hands out this page's files, or will not. */
async function takenOver() {
  const taken = new Promise((resolve) => workers.addEventListener("controllerchange", resolve, { once: true }));
  const { active, installing } = await workers.register(new URL("sw.js", import.meta.url), { updateViaCache: "none" });
  if (active) return; // a reload that went around the worker: it will not take over
  const failed = new Promise((resolve) => {
    installing.addEventListener("statechange", () => installing.state === "redundant" && resolve());
  });
  await Promise.race([taken, failed]);
}

// In both languages, and without words.js and the style sheets, which have yet to come.
function showOpening() {
  const urdu = Object.assign(document.createElement("span"), { lang: "ur", dir: "rtl", textContent: "کھل رہا ہے…" });
  const shown = document.createElement("p");
  shown.id = "opening";
  shown.setAttribute("role", "status");
  shown.append("Opening…", document.createElement("br"), urdu);
  Object.assign(shown.style, {
    position: "fixed", inset: "0", margin: "0", display: "grid", placeContent: "center", textAlign: "center",
    font: "1.5rem/2 system-ui, sans-serif", color: "#fff", background: "#10231b",
  });
  document.body.append(shown);
  return shown;
}

async function dress() {
  const looks = document.getElementById("looks").content;
  const sheets = [...looks.querySelectorAll("[rel=stylesheet]")].map((link) => new Promise((resolve) => {
    link.onload = link.onerror = resolve;
  }));
  document.head.append(looks);
  await Promise.all(sheets);
}
