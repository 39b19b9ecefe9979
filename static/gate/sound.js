// A short tone for in, two for again, a low buzz for stop: heard without looking. Vibration says the same to the hand.

const TUNES = {
  admitted: { notes: [[880, 0, 0.16]], buzz: [60] },
  "re-entry": { notes: [[660, 0, 0.12], [660, 0.18, 0.12]], buzz: [60, 60, 60] },
  check: { notes: [[520, 0, 0.14], [390, 0.18, 0.2]], buzz: [120, 60, 120] },
  refused: { notes: [[130, 0, 0.5]], wave: "sawtooth", buzz: [400] },
  left: { notes: [[590, 0, 0.1], [440, 0.12, 0.14]], buzz: [40] },
};
const LOUDNESS = 0.5;

let context = null;

/** Browsers let a page sound only after a touch, so this belongs into the Start tap. */
export async function wakeSound() {
  try {
    context ??= new AudioContext();
    await context.resume();
  } catch {
    context = null; // a tablet without sound still scans
  }
}

export function play(look) {
  const tune = TUNES[look];
  if (!tune) return;
  navigator.vibrate?.(tune.buzz);
  if (context?.state !== "running") return;
  for (const [pitch, from, length] of tune.notes) tone(pitch, from, length, tune.wave ?? "sine");
}

function tone(pitch, from, length, wave) {
  const start = context.currentTime + from;
  const oscillator = new OscillatorNode(context, { frequency: pitch, type: wave });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.01); // a ramp, or the loudspeaker clicks
  gain.gain.setValueAtTime(LOUDNESS, start + length - 0.03);
  gain.gain.linearRampToValueAtTime(0, start + length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + length);
}
