// Says who has come since the page was opened: a line on the screen, and where it is wished a tone or a notice of the
// system. organise.js keeps the page true; this file looks at what it changed. The page reads well without it.

const STAYS = 20000; // ms that a line of news stands

const live = document.querySelector("#live");
const news = document.querySelector("#news");
const sound = document.querySelector("#sound");
const notify = document.querySelector("#notify");
let known = arrivals();
let audio = null;
let timer = 0;

function arrivals() {
  const rows = document.querySelectorAll("#live [data-arrival]");
  return new Map([...rows].map((row) => [row.dataset.arrival, row.dataset.news]));
}

function tell(sentences) {
  say(sentences);
  if (isOn(sound)) tone();
  if (isOn(notify)) new Notification(document.title, { body: sentences.join("\n"), tag: "arrivals" });
}

function say(sentences) {
  const lines = sentences.map((words) => Object.assign(document.createElement("p"), { textContent: words }));
  for (const line of lines) line.className = "notice good";
  news.replaceChildren(...lines);
  clearTimeout(timer);
  timer = setTimeout(() => news.replaceChildren(), STAYS);
}

/** Two short notes, once for however many came at a time. */
function tone() {
  for (const [pitch, at] of [[660, 0], [880, 0.15]]) {
    const note = audio.createOscillator();
    const loudness = audio.createGain();
    note.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.2, audio.currentTime + at);
    loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.3);
    note.connect(loudness).connect(audio.destination);
    note.start(audio.currentTime + at);
    note.stop(audio.currentTime + at + 0.3);
  }
}

const isOn = (button) => button.getAttribute("aria-pressed") === "true";
const turn = (button, on) => button.setAttribute("aria-pressed", String(on));

new MutationObserver(() => {
  const now = arrivals();
  const came = [...now].filter(([id]) => !known.has(id)).map(([, words]) => words);
  known = now;
  if (came.length) tell(came);
}).observe(live, { attributes: true, childList: true, subtree: true });

sound.addEventListener("click", () => {
  audio ??= new AudioContext();
  turn(sound, !isOn(sound));
  if (isOn(sound)) tone(); // so that one hears whether it is loud enough
});

notify.addEventListener("click", async () => {
  const allowed = isOn(notify) ? "no" : await Notification.requestPermission();
  turn(notify, allowed === "granted");
  if (allowed === "denied") say([notify.dataset.denied]);
});

if (!("Notification" in window)) notify.remove();
document.querySelector("#tell").hidden = false;
