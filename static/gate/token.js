// The token in the QR and the short code for fingers: the twin of badges/token.py and badges/shortcode.py.
// Pure: no DOM, no network, no storage. Shapes and rules: contract, section 3; cases: tests/contract/vectors.json.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TOKEN = /^[0-9A-HJKMNP-TV-Z]{28}$/;
const FORMAT = 1;
const GATE_CARD = 2;
const BODY_BYTES = 8;
const MAC_BYTES = 9;
const FIELD = 0b100101; // x⁵ + x² + 1, the field of the check character

/** Whether a text has the form of a token. Says nothing about its signature. */
export function isTokenForm(text) {
  return TOKEN.test(text);
}

/** The fields of a token, or null when the text is no canonical token of our format. */
export function parseToken(text) {
  if (!isTokenForm(text)) return null;
  const bytes = decode(text);
  if (bytes === null || bytes[0] >> 4 !== FORMAT) return null;
  return {
    keyNumber: bytes[0] & 15,
    number: bytes.slice(1, 6).reduce((sum, byte) => sum * 256 + byte, 0), // 40 bits: beyond what `<<` can hold
    issue: bytes[6],
    category: bytes[7],
    body: bytes.slice(0, BODY_BYTES),
    mac: bytes.slice(BODY_BYTES),
  };
}

/**
 * Where a gate card moves the tablet to: {gate, direction}; null when the text is none, "unknown" when it is one that
 * these keys or these gates cannot confirm. `keys` maps key numbers to CryptoKeys, `gates` are the slugs of now.
 */
export async function readGateCard(text, keys, eventSlug, gates) {
  const bytes = isTokenForm(text) ? decode(text) : null;
  if (bytes === null || bytes[0] >> 4 !== GATE_CARD) return null;
  const body = bytes.slice(0, BODY_BYTES);
  const key = keys.get(bytes[0] & 15);
  if (key === undefined || !isSame(await macOf(body, key, eventSlug, "gate-v1"), bytes.slice(BODY_BYTES))) return "unknown";
  for (const gate of gates) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(gate)));
    if (isSame(hash.slice(0, 5), body.slice(1, 6))) return { gate, direction: body[6] === 1 ? "out" : "in" };
  }
  return "unknown";
}

/** Writes 17 bytes (body and MAC) as the 28 characters of a token. */
export function formatToken(bytes) {
  let text = "";
  for (let bit = 0; bit < 140; bit += 5) text += ALPHABET[fiveBits(bytes, bit)];
  return text;
}

/** Whether a parsed token was signed with this key for this event. `key` is a CryptoKey from importKey. */
export async function isGenuine(parsed, key, eventSlug) {
  return isSame(await macOf(parsed.body, key, eventSlug), parsed.mac);
}

/** The first 72 bits of the HMAC over event and body; WebCrypto's own `verify` takes no truncated MAC. */
export async function macOf(body, key, eventSlug, purpose = "badge-v1") {
  const prefix = new TextEncoder().encode(`${purpose}\0${eventSlug}\0`);
  const message = new Uint8Array(prefix.length + body.length);
  message.set(prefix);
  message.set(body, prefix.length);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message)).slice(0, MAC_BYTES);
}

/** Takes a key's raw bytes; what comes back signs and never shows its bytes again. */
export function importKey(raw) {
  return crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** A badge number as it is printed: `7K3M-9QXD-C`. */
export function formatShortCode(number) {
  let code = "";
  for (let rest = number, i = 0; i < 8; i += 1, rest = Math.floor(rest / 32)) code = ALPHABET[rest % 32] + code;
  return dashed(code + checkCharacter(code));
}

/**
 * Reads what a person typed: any case, O for 0, I and L for 1, spaces and dashes anywhere.
 * Answers {code, number}, or {error: "letters" | "length" | "check"}; `length` counts what was understood.
 */
export function readShortCode(typed) {
  const plain = plainCode(typed);
  if (![...plain].every((letter) => ALPHABET.includes(letter))) return { error: "letters", length: plain.length };
  if (plain.length !== 9) return { error: "length", length: plain.length };
  if (checkCharacter(plain.slice(0, 8)) !== plain[8]) return { error: "check", length: 9 };
  const number = [...plain.slice(0, 8)].reduce((sum, letter) => sum * 32 + ALPHABET.indexOf(letter), 0);
  return { code: dashed(plain), number };
}

/** Typed text without what people add and with the letters they mistake put right. */
export function plainCode(typed) {
  return typed.toUpperCase().replace(/[\s\-‐-―_.]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
}

// Every byte is compared, so that the time taken tells nothing about the place of the first difference.
function isSame(one, other) {
  return one.reduce((different, byte, i) => different | (byte ^ other[i]), 0) === 0;
}

function dashed(nine) {
  return `${nine.slice(0, 4)}-${nine.slice(4, 8)}-${nine.slice(8)}`;
}

// Weights α¹…α⁸ differ from each other and from the check's own weight 1, so a changed character and two swapped
// ones always change the sum.
function checkCharacter(eight) {
  let weight = 1;
  let sum = 0;
  for (const letter of eight) {
    weight = times(weight, 2);
    sum ^= times(weight, ALPHABET.indexOf(letter));
  }
  return ALPHABET[sum];
}

function times(a, b) {
  let product = 0;
  for (let bit = 0; bit < 5; bit += 1) {
    if (b & (1 << bit)) product ^= a << bit;
  }
  for (let bit = 8; bit >= 5; bit -= 1) {
    if (product & (1 << bit)) product ^= FIELD << (bit - 5);
  }
  return product;
}

function decode(text) {
  const bytes = new Uint8Array(17);
  for (let i = 0; i < 28; i += 1) {
    const value = ALPHABET.indexOf(text[i]);
    for (let bit = 0; bit < 5; bit += 1) {
      const place = i * 5 + bit;
      if (!(value & (16 >> bit))) continue;
      if (place >= 136) return null; // the last four bits are zero, or one badge would have sixteen spellings
      bytes[place >> 3] |= 128 >> (place & 7);
    }
  }
  return bytes;
}

function fiveBits(bytes, from) {
  let value = 0;
  for (let bit = from; bit < from + 5; bit += 1) value = value * 2 + (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  return value;
}
