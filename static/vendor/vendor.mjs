// Copies what the browser needs out of node_modules and writes checksums.txt. For maintainers alone:
//   npm ci --ignore-scripts && node vendor.mjs
// The copies are committed, so nobody who runs the system needs Node or the internet.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const COPIES = {
  "zxing-wasm/dist/es/reader/index.js": "zxing-wasm/reader/index.js",
  "zxing-wasm/dist/es/share.js": "zxing-wasm/share.js",
  "zxing-wasm/dist/reader/zxing_reader.wasm": "zxing-wasm/zxing_reader.wasm",
  "chart.js/dist/chart.umd.min.js": "chart.js/chart.umd.min.js",
  "chart.js/LICENSE.md": "chart.js/LICENSE.md",
  "zxing-wasm/LICENSE": "zxing-wasm/LICENSE",
  "idb/build/index.js": "idb/index.js",
  "idb/LICENSE": "idb/LICENSE",
  "@fontsource/noto-nastaliq-urdu/files/noto-nastaliq-urdu-arabic-400-normal.woff2": "fonts/noto-nastaliq-urdu-400.woff2",
  "@fontsource/noto-nastaliq-urdu/files/noto-nastaliq-urdu-arabic-700-normal.woff2": "fonts/noto-nastaliq-urdu-700.woff2",
  "@fontsource/noto-nastaliq-urdu/LICENSE": "fonts/OFL.txt",
};
// The .wasm holds zxing-cpp, whose licence the npm package does not bring: it lies here by hand and is only summed.
const BY_HAND = ["zxing-wasm/LICENSE.zxing-cpp"];
const SHARE = "zxing-wasm/share.js";
const CDN = /`https:\/\/fastly\.jsdelivr\.net\/[^`]*`/;

for (const [from, to] of Object.entries(COPIES)) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(`node_modules/${from}`, to);
}
cutTheCdn();
const sums = [...Object.values(COPIES), ...BY_HAND].sort().map((file) => `${sum(file)}  ${file}`);
writeFileSync("checksums.txt", `${sums.join("\n")}\n`);

// Without locateFile the library would ask a CDN for its .wasm. We always give locateFile; cutting the address
// out as well means that a slip shows as a 404 of our own server, and never as a request to the internet.
function cutTheCdn() {
  const text = readFileSync(SHARE, "utf8");
  if (!CDN.test(text)) throw new Error(`${SHARE}: the CDN address is not where it was; look before copying`);
  writeFileSync(SHARE, text.replace(CDN, "t + e"));
}

function sum(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
