// The board keeps itself true: it asks for the figures every two seconds (or as the page says), and draws the page's live
// part anew when they changed. Arrivals do the same. The pairing page counts its minutes down, that of a set its tablets up. All read well without this file.

const EVERY = Number(document.querySelector("#live")?.dataset.every ?? 2000);
const SLOWEST = 30000;
const OLD = 10; // seconds

const heard = document.querySelector("#heard");
let failures = 0;
let heardAt = performance.now();
let timer = 0;
let isAsking = false;
let isSignedOut = false;

const secondsSince = (moment) => Math.round((performance.now() - moment) / 1000);

function tellWhenHeard() {
  const seconds = secondsSince(heardAt);
  const isOld = isSignedOut || seconds >= OLD;
  const words = isSignedOut ? heard.dataset.signedOut : isOld ? heard.dataset.lost : heard.dataset.heard;
  heard.classList.toggle("old", isOld);
  heard.textContent = words.replace("{seconds}", seconds);
}

/** Makes `old` say what `fresh` says and leaves alone what is the same: nothing flickers, scrolls back or closes. */
function settle(old, fresh) {
  if (old.isEqualNode(fresh) || isSameChart(old, fresh)) return;
  const isAlike = old.nodeName === fresh.nodeName && old.childNodes.length === fresh.childNodes.length;
  if (!isAlike || old.nodeType !== Node.ELEMENT_NODE) return replace(old, fresh);
  for (const name of fresh.getAttributeNames()) old.setAttribute(name, fresh.getAttribute(name));
  for (const name of old.getAttributeNames()) if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  const pairs = [...old.childNodes].map((child, place) => [child, fresh.childNodes[place]]);
  for (const [child, instead] of pairs) settle(child, instead);
}

/** What a chart has drawn is its own: it reads its table again. */
function isSameChart(old, fresh) {
  return old.classList?.contains("chart") && fresh.classList?.contains("chart") && old.dataset.of === fresh.dataset.of;
}

function replace(old, fresh) {
  if (old.nodeType === Node.ELEMENT_NODE) {
    for (const open of old.querySelectorAll("details[open]")) fresh.querySelector?.(`#${open.id}`)?.setAttribute("open", "");
  }
  const focused = old.contains(document.activeElement) ? document.activeElement.closest("details")?.id : undefined;
  old.replaceWith(fresh);
  if (focused) fresh.querySelector(`#${focused} summary`)?.focus();
}

/** The same page as the server draws it now: words, figures and chart come from one place, in the page's language. */
async function redraw() {
  const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(10000) });
  if (!answer.ok || answer.redirected) throw new Error(`the page answered ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  settle(document.querySelector("#live"), document.adoptNode(page.querySelector("#live")));
  document.dispatchEvent(new Event("board:drawn"));
}

/** Asks with the tag of what is on the screen: of several servers one may be a moment ahead of the other. */
async function ask() {
  const { source, tag } = document.querySelector("#live").dataset;
  const headers = { "If-None-Match": `W/"${tag}"` };
  const answer = await fetch(source, { headers, cache: "no-store", signal: AbortSignal.timeout(10000) });
  if (answer.status === 401 || answer.status === 403) {
    isSignedOut = true;
    return;
  }
  if (answer.status === 200) await redraw();
  else if (answer.status !== 304) throw new Error(`the counts answered ${answer.status}`);
  heardAt = performance.now();
}

async function beat() {
  clearTimeout(timer);
  if (document.hidden || isSignedOut || isAsking) return;
  isAsking = true;
  try {
    await ask();
    failures = 0;
  } catch {
    failures += 1;
  }
  isAsking = false;
  tellWhenHeard();
  const wait = Math.min(EVERY * 2 ** failures, SLOWEST);
  timer = setTimeout(beat, wait * (0.8 + 0.4 * Math.random())); // boards do not ask in step
}

function countDown(left) {
  const end = performance.now() + left.dataset.seconds * 1000;
  const tell = () => {
    const minutes = Math.ceil((end - performance.now()) / 60000);
    left.textContent = minutes > 0 ? left.dataset.left.replace("{minutes}", minutes) : left.dataset.over;
  };
  tell();
  setInterval(tell, 5000);
}

/** How many of a set have paired; once the code has ended the whole page is drawn anew, without it. */
async function countPaired() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(10000) }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#so-far");
  if (!fresh?.hasAttribute("data-fresh")) return location.reload();
  const old = document.querySelector("#so-far");
  if (old.textContent !== fresh.textContent) old.replaceChildren(...fresh.childNodes);
}

if (heard) {
  setInterval(tellWhenHeard, 1000);
  document.addEventListener("visibilitychange", beat);
  addEventListener("online", beat);
  beat();
}
const filling = document.querySelector("#fill-screen");
if (filling && document.fullscreenEnabled) {
  filling.hidden = false;
  filling.addEventListener("click", () => document.documentElement.requestFullscreen());
}
const left = document.querySelector("#left");
if (left) countDown(left);
if (document.querySelector("#so-far[data-fresh]")) setInterval(countPaired, EVERY);
