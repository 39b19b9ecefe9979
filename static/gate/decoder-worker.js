// Reads QR codes off the main thread. Lies inside /gate/, so that the service worker can hand it out without a network.
import { prepareZXingModule, readBarcodes } from "../static/vendor/zxing-wasm/reader/index.js";

const WASM = new URL("../static/vendor/zxing-wasm/zxing_reader.wasm", import.meta.url).href;
const THOROUGH = {
  formats: ["QRCode"],
  maxNumberOfSymbols: 4, // a family holds several badges into the view, or one phone shows them all
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
};
const QUICK = { ...THOROUGH, tryHarder: false, tryRotate: false, tryDownscale: false };
const SLOW_MS = 120;
const MEMORY = 15;

const FAULTS = 5; // one bad frame is no failure; several in a row are

const times = [];
let faults = 0;
let canvas = null;

prepareZXingModule({ overrides: { locateFile: () => WASM } });
// The first read compiles; a blank frame takes that second before the first visitor does.
const warm = readBarcodes(new ImageData(64, 64), THOROUGH);
warm.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));

onmessage = async ({ data: frame }) => {
  try {
    await warm;
    const pixels = pixelsOf(frame);
    const started = performance.now();
    const results = await readBarcodes(pixels, median() > SLOW_MS ? QUICK : THOROUGH);
    times.push(performance.now() - started);
    if (times.length > MEMORY) times.shift();
    if (faults >= FAULTS) postMessage({ ready: true });
    faults = 0;
    postMessage({ texts: results.filter((result) => result.isValid).map((result) => result.text) });
  } catch (error) {
    faults += 1;
    postMessage({ texts: [], failed: faults >= FAULTS ? String(error) : undefined });
  } finally {
    frame.close();
  }
};

function pixelsOf(frame) {
  const { width, height } = frame;
  if (canvas?.width !== width || canvas?.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(frame, 0, 0);
  return context.getImageData(0, 0, width, height);
}

function median() {
  return times.length === 0 ? 0 : [...times].sort((a, b) => a - b)[times.length >> 1];
}
