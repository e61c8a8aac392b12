// Canvas and eyelets: every sound of the house, made here out of noise and a few struck tones, each
// shorter than 400 ms. `make` draws one into any audio context; `play` into the speaker.
const NOISE_S = 0.4;

const noiseOf = context => {
  const buffer = context.createBuffer(1, context.sampleRate * NOISE_S, context.sampleRate);
  const data = buffer.getChannelData(0);
  let seed = 1; // the same canvas every time
  for (let i = 0; i < data.length; i++) {
    seed = (seed * 16807) % 2147483647;
    data[i] = seed / 1073741823.5 - 1;
  }
  return buffer;
};

// Up at once (or over `rise`), away by `lasts` seconds.
const swell = (context, out, at, { loud, lasts, rise = 0.003 }) => {
  const gain = context.createGain();
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(loud, at + rise);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + lasts);
  gain.connect(out);
  return gain;
};

const cloth = (context, out, at, { from, to = from, kind = "bandpass", q = 1, ...how }) => {
  const source = context.createBufferSource();
  source.buffer = noiseOf(context);
  const filter = context.createBiquadFilter();
  filter.type = kind;
  filter.Q.value = q;
  filter.frequency.setValueAtTime(from, at);
  filter.frequency.exponentialRampToValueAtTime(to, at + how.lasts);
  source.connect(filter).connect(swell(context, out, at, how));
  source.start(at);
  source.stop(at + how.lasts);
};

const tone = (context, out, at, { from, to = from, type = "sine", ...how }) => {
  const source = context.createOscillator();
  source.type = type;
  source.frequency.setValueAtTime(from, at);
  source.frequency.exponentialRampToValueAtTime(to, at + how.lasts);
  source.connect(swell(context, out, at, how));
  source.start(at);
  source.stop(at + how.lasts);
};

const clink = (context, out, at, pitch, loud = 0.5) => {
  [1, 1.58, 2.42].forEach((part, n) => tone(context, out, at, { from: pitch * part, loud: loud / (n + 1.5), lasts: 0.2 - n * 0.05 }));
  cloth(context, out, at, { from: 6000, loud: loud / 3, lasts: 0.02 });
};
const knock = (context, out, at, loud = 0.8) => {
  tone(context, out, at, { from: 330, to: 210, type: "triangle", loud, lasts: 0.07 });
  cloth(context, out, at, { from: 900, loud: loud / 2, lasts: 0.025 });
};
const knocks = (count, context, out, at) => {
  for (let n = 0; n < count; n++) knock(context, out, at + n * 0.125);
};

export const SOUNDS = {
  pass: (...to) => {
    cloth(...to, { from: 2600, to: 1400, q: 0.7, loud: 1, lasts: 0.09 });
    tone(...to, { from: 190, to: 80, loud: 0.6, lasts: 0.08 });
  },
  "your-turn": (context, out, at) => {
    clink(context, out, at, 1480);
    clink(context, out, at + 0.14, 1980);
  },
  interrupt: (context, out, at) => {
    for (let tooth = 0; tooth < 14; tooth++) cloth(context, out, at + tooth * 0.015, { from: 900 + tooth * 260, q: 4, loud: 0.9, lasts: 0.016, rise: 0.002 });
  },
  "warning-1": (...to) => knocks(1, ...to),
  "warning-2": (...to) => knocks(2, ...to),
  "warning-3": (...to) => knocks(3, ...to),
  tick: (...to) => cloth(...to, { from: 3200, q: 6, loud: 0.35, lasts: 0.018, rise: 0.001 }),
  "time-out": (...to) => {
    tone(...to, { from: 120, to: 42, loud: 1, lasts: 0.36 });
    cloth(...to, { from: 700, to: 120, kind: "lowpass", loud: 0.9, lasts: 0.3 });
  },
  pause: (...to) => cloth(...to, { from: 1500, to: 300, kind: "lowpass", loud: 0.7, lasts: 0.38, rise: 0.08 }),
  out: (context, out, at) => {
    clink(context, out, at, 990, 0.4);
    clink(context, out, at + 0.16, 660, 0.4);
  },
  winner: (context, out, at) => [1320, 1660, 1980].forEach((pitch, n) => clink(context, out, at + n * 0.09, pitch, 0.45)),
  dice: (context, out, at) => [0, 0.06, 0.1, 0.17, 0.27].forEach((late, n) => knock(context, out, at + late, 0.5 - n * 0.06)),
  undone: (...to) => cloth(...to, { from: 700, to: 2600, q: 0.7, loud: 0.8, lasts: 0.14, rise: 0.12 }),
  round: (context, out, at) => {
    clink(context, out, at, 740, 0.6);
    clink(context, out, at + 0.18, 740, 0.6);
  },
};

export const make = (name, context, out, at) => SOUNDS[name](context, out, at);

let speaker;

// Only a touch or a key may open it; false until then.
export const unlock = async () => {
  speaker ??= new AudioContext();
  if (speaker.state !== "running") await Promise.race([speaker.resume(), new Promise(over => setTimeout(over, 500))]);
  return speaker.state === "running";
};

export const isOpen = () => speaker?.state === "running";

export const play = (name, volume) => {
  if (!isOpen() || !SOUNDS[name]) return false;
  const out = speaker.createGain();
  out.gain.value = (volume / 100) ** 2; // as loud as it looks
  out.connect(speaker.destination);
  make(name, speaker, out, speaker.currentTime + 0.005);
  return true;
};
