// A short tone for in, two for again, a low buzz for stop: heard without looking. Vibration says the same to the hand.

const TUNES = {
  admitted: { notes: [[880, 0, 0.16]], buzz: [60] },
  "re-entry": { notes: [[660, 0, 0.12], [660, 0.18, 0.12]], buzz: [60, 60, 60] },
  check: { notes: [[520, 0, 0.14], [390, 0.18, 0.2]], buzz: [120, 60, 120] },
  refused: { notes: [[130, 0, 0.5]], wave: "sawtooth", buzz: [400] },
  left: { notes: [[590, 0, 0.1], [440, 0.12, 0.14]], buzz: [40] },
  otherwise: { notes: [[440, 0, 0.12], [880, 0.16, 0.12], [440, 0.32, 0.12], [880, 0.48, 0.2]], wave: "triangle", buzz: [200, 80, 200, 80, 200] },
};
const LATE_MS = 400; // a tone that comes later than this would belong to the next person

let context = null;
let loudness = 0.5;
let vibrates = true;

/** What has a sound of its own, in the order in which they are tried out. */
export const LOOKS = Object.keys(TUNES);

/** Sets the volume (0 to 100, 0 is silence) and whether the tablet also shakes. */
export function setSound({ volume, vibrate }) {
  loudness = 0.9 * (volume / 100) ** 2; // ears count in steps of a like ratio
  vibrates = vibrate;
}

/** Browsers let a page sound only after a touch, so this belongs into the Start tap. */
export async function wakeSound() {
  try {
    if (context === null || context.state === "closed") context = new AudioContext();
    await context.resume();
  } catch {
    context = null; // a tablet without sound still scans
  }
}

/** The short shake of a button that was held long enough. */
export function nudge() {
  if (vibrates) navigator.vibrate?.(30);
}

/** Plays and shakes what belongs to a verdict's look; a look without a tune is silent. */
export async function play(look) {
  const tune = TUNES[look];
  if (!tune) return;
  if (vibrates) navigator.vibrate?.(tune.buzz);
  if (context === null || loudness === 0) return;
  const asked = performance.now();
  if (context.state !== "running") await wakeSound(); // a call or another app had taken the loudspeaker
  if (context?.state !== "running" || performance.now() - asked > LATE_MS) return;
  for (const [pitch, from, length] of tune.notes) tone(pitch, from, length, tune.wave ?? "sine");
}

function tone(pitch, from, length, wave) {
  const start = context.currentTime + from;
  const oscillator = new OscillatorNode(context, { frequency: pitch, type: wave });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loudness, start + 0.01); // a ramp, or the loudspeaker clicks
  gain.gain.setValueAtTime(loudness, start + length - 0.03);
  gain.gain.linearRampToValueAtTime(0, start + length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + length);
}

// Some browsers give the loudspeaker back only to the next touch.
const revive = () => context !== null && context.state !== "running" && !document.hidden && wakeSound();
document.addEventListener("visibilitychange", revive);
document.addEventListener("pointerdown", revive, { capture: true });
document.addEventListener("keydown", revive, { capture: true });
