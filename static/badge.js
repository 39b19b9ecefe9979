// The badge in the hand: its code alone on a white screen that stays awake, arrow keys between several badges, and the
// phone's own way to share. The page shows, prints, saves and swipes without this file.

const full = document.querySelector("#full");
const party = document.querySelector("[data-party]");
let lock = null;

/** Keep the screen from dimming while the code stands alone; the browser drops this whenever the page is hidden. */
async function keepAwake() {
  if (!full.open || document.hidden) return;
  const taken = await navigator.wakeLock?.request("screen").catch(() => null); // refused when the battery is low
  if (full.open) lock = taken;
  else taken?.release();
}

function showAlone(badge) {
  const copies = (what) => [...badge.querySelectorAll(what)].map((part) => part.cloneNode(true));
  full.querySelector(".full-qr").replaceChildren(...copies("svg"));
  full.querySelector(".full-words").replaceChildren(...copies(".badge-name, .badge-code"));
  full.showModal();
  keepAwake();
}

for (const code of document.querySelectorAll("[data-full]")) {
  code.addEventListener("click", (event) => {
    event.preventDefault();
    showAlone(code.closest(".badge"));
  });
}
full.addEventListener("click", () => full.close());
full.addEventListener("close", () => {
  lock?.release();
  lock = null;
});
document.addEventListener("visibilitychange", keepAwake);

/** The badge in view: the one whose middle is nearest to the row's. */
function inView() {
  const middle = (box) => box.getBoundingClientRect().x + box.getBoundingClientRect().width / 2;
  const away = (card) => Math.abs(middle(card) - middle(party));
  return [...party.children].reduce((best, card) => (away(card) < away(best) ? card : best));
}

function step(by) {
  const from = inView();
  const to = by > 0 ? from.nextElementSibling : from.previousElementSibling;
  if (!to) return;
  party.scrollBy(to.getBoundingClientRect().x - from.getBoundingClientRect().x, 0); // sideways alone, either way
  const same = to.querySelector(`[data-step="${by}"]`) ?? to.querySelector("[data-step]");
  same.focus({ preventScroll: true });
}

party?.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-step]");
  if (!pressed) return;
  event.preventDefault(); // or each step would be one to go back through
  step(Number(pressed.dataset.step));
});
document.addEventListener("keydown", (event) => {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by || !party || full.open || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  step(document.dir === "rtl" ? -by : by);
});

/** Ready before the tap: browsers share only right after one. */
async function fetchPicture({ png, name }) {
  const answer = await fetch(png);
  if (!answer.ok) return null;
  const file = new File([await answer.blob()], name, { type: "image/png" });
  return navigator.canShare?.({ files: [file] }) ? file : null;
}

async function offer(send) {
  if (send.dataset.offered) return;
  send.dataset.offered = "yes";
  const button = (kind) => send.querySelector(`[data-share=${kind}]`);
  const share = (kind, what) => {
    button(kind).hidden = false;
    button(kind).addEventListener("click", () => navigator.share(what).catch(() => {})); // the person may think again
  };
  share("link", { url: send.dataset.address });
  const picture = await fetchPicture(send.dataset).catch(() => null);
  if (picture) share("picture", { files: [picture] });
}

if (navigator.share) {
  for (const send of document.querySelectorAll(".send")) send.addEventListener("toggle", () => offer(send));
}
