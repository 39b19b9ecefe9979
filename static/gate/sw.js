// Keeps the gate openable without a network, and never touches the API. The server writes four lines above this text
// (checkin/devices/shell.py): VERSION; PACK, the checksum of the pack that holds all that is ours; PACKED, what lies in
// it; FILES, the decoder and the fonts, with a checksum each. So a file of another version, half a file or the sign-in
// page of some Wi-Fi is never taken for ours, and a version that is not whole never replaces another.
const PREFIX = "gate-shell-";
const NAME = PREFIX + VERSION;
const OWN = new Set(PACKED.map(full));
const HEAVY = new Map(Object.entries(FILES).map(([path, sum]) => [full(path), sum]));
const ITS_OWN = ["Content-Encoding", "Content-Length", "ETag", "Vary"]; // what is said of the pack, not of what it holds
const coming = new Map();

// The very first version need not wait for a megabyte of decoder and fonts; `report` says that they are still missing.
addEventListener("install", (event) => event.waitUntil(registration.active ? fill() : unpack()));
addEventListener("activate", (event) => event.waitUntil(begin()));
addEventListener("fetch", (event) => {
  const key = event.request.method === "GET" ? keyOf(event.request.url) : null;
  if (key !== null) event.respondWith(serve(event.request, key));
});
addEventListener("message", (event) => {
  // Only the page knows when nobody is being scanned.
  if (event.data === "take over") skipWaiting();
  if (event.data === "report") event.waitUntil(report(event.ports[0]));
});

/** Brings what is not there yet. */
async function fill() {
  const cache = await caches.open(NAME);
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  const heavy = [...HEAVY.keys()].filter((address) => !kept.has(keyOf(address)));
  const isPacked = [...OWN].every((address) => kept.has(address));
  await Promise.all([...(isPacked ? [] : [unpack()]), ...heavy.map(keep)]);
}

async function unpack() {
  const response = await bring("pack.json", PACK);
  const [cache, texts] = await Promise.all([caches.open(NAME), response.json()]);
  await Promise.all(Object.entries(texts).map(([path, [kind, text]]) => {
    const headers = new Headers(response.headers); // the server's rules for a page and a worker, CSP among them
    for (const name of ITS_OWN) headers.delete(name);
    headers.set("Content-Type", kind);
    return cache.put(full(path), new Response(text, { headers }));
  }));
}

// One download, whoever asks for it first.
function keep(address) {
  if (!coming.has(address)) coming.set(address, copy(address).finally(() => coming.delete(address)));
  return coming.get(address);
}

// What is heavy seldom changes: an older version's copy with the same checksum will do.
async function copy(address) {
  const key = keyOf(address);
  const response = (await caches.match(key, { ignoreVary: true })) ?? (await bring(address, HEAVY.get(address)));
  await (await caches.open(NAME)).put(key, response);
}

async function bring(address, integrity) {
  const response = await fetch(address, { cache: "reload", integrity });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

async function begin() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
  await clients.claim();
}

async function serve(request, key) {
  const found = await find(key);
  if (found || OWN.has(key)) return found ?? fetch(request);
  await keep(bare(request.url)).catch(() => {});
  return (await find(key)) ?? fetch(request);
}

function find(key) {
  return caches.match(key, { cacheName: NAME, ignoreVary: true });
}

// Answers at once, and again when what was missing has come: at first, or when a browser short of space took something.
async function report(port) {
  if (await answer(port)) return;
  await fill().catch(() => {});
  await answer(port);
}

async function answer(port) {
  const kept = await (await caches.open(NAME)).keys();
  const isWhole = kept.length >= OWN.size + HEAVY.size;
  port.postMessage({ version: VERSION, isWhole });
  return isWhole;
}

function keyOf(url) {
  const address = bare(url);
  if (HEAVY.has(address)) return `${address}?${HEAVY.get(address)}`;
  return OWN.has(address) ? address : null;
}

function bare(url) {
  return url.replace(/[?#].*$/, "");
}

function full(path) {
  return new URL(path, self.location).href;
}
