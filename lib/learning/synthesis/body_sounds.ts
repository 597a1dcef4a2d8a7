import type { Random } from "lib/base/numbers/random.ts";
import { filterInPlace } from "lib/learning/synthesis/biquad.ts";
import type { CurvePoint } from "lib/learning/synthesis/curve.ts";
import { drawCurve, multiplyBy } from "lib/learning/synthesis/curve.ts";
import { mixInto, scaleToPeak } from "lib/learning/synthesis/level.ts";
import { whiteNoise } from "lib/learning/synthesis/noise.ts";
import { drawSpeaker, speak, type Utterance, VOWELS } from "lib/learning/synthesis/speaker.ts";
import { synthesizeBreath } from "lib/learning/synthesis/throat_noises.ts";

interface Rate {
  readonly sampleRate: number;
}

/** One to four coughs: an explosion of air through an open mouth, a rush, and often a voiced end. */
export function synthesizeCough(random: Random, { sampleRate }: Rate): Float32Array {
  const speaker = drawSpeaker(random), vowel = random.pick(VOWELS.slice(3, 6));
  const voiced = random.next() < 0.6 ? random.uniform(0.2, 0.9) : 0;
  const voicing: CurvePoint[] = [[0, 0]],
    aspiration: CurvePoint[] = [[0, 0]],
    frication: CurvePoint[] = [[0, 0]];
  let time = 0.01;
  for (let count = 1 + random.integer(4); count > 0; count--) {
    const length = random.uniform(0.18, 0.4), strength = random.uniform(0.5, 1);
    aspiration.push([time, 0], [time + 0.008, 3 * strength], [time + 0.07, strength], [time + length, 0]);
    frication.push([time, 0], [time + 0.008, strength], [time + 0.08, 0]);
    voicing.push([time + 0.06, 0], [time + 0.6 * length, voiced * strength], [time + length, 0]);
    time += length + random.uniform(0.03, 0.25);
  }
  const utterance: Utterance = {
    seconds: time,
    pitch: [[0, 1.3], [time, random.uniform(0.7, 1.1)]],
    voicing,
    aspiration,
    frication,
    vowels: [[0, vowel]],
    roughness: random.uniform(0, 0.06),
  };
  return speak(speaker, utterance, { random, sampleRate });
}

/** Throat clearing: two or three rough, closed bursts ("ahem"), the last one longer. */
export function synthesizeThroatClearing(random: Random, { sampleRate }: Rate): Float32Array {
  const speaker = drawSpeaker(random);
  const voicing: CurvePoint[] = [[0, 0]], aspiration: CurvePoint[] = [[0, 0]];
  let time = 0.01;
  for (let count = 2 + random.integer(2); count > 0; count--) {
    const length = count === 1 ? random.uniform(0.25, 0.6) : random.uniform(0.1, 0.25);
    voicing.push([time, 0], [time + 0.03, random.uniform(0.4, 1)], [time + 0.8 * length, 0.5], [
      time + length,
      0,
    ]);
    aspiration.push([time, 0], [time + 0.02, random.uniform(0.3, 0.9)], [time + length, 0]);
    time += length + random.uniform(0.04, 0.15);
  }
  const utterance: Utterance = {
    seconds: time,
    pitch: [[0, random.uniform(0.8, 1.2)], [time, random.uniform(0.7, 1.2)]],
    voicing,
    aspiration,
    frication: [[0, 0]],
    vowels: [[0, [random.uniform(380, 620), random.uniform(1200, 1800), 2400]], [time, [280, 1150, 2200]]],
    roughness: random.uniform(0.02, 0.07),
  };
  return speak(speaker, utterance, { random, sampleRate });
}

/** A sneeze: air drawn in, now and then with voice, then a hissing explosion. */
export function synthesizeSneeze(random: Random, { sampleRate }: Rate): Float32Array {
  const intake = random.uniform(0.1, 0.5), burst = intake + random.uniform(0.02, 0.15);
  const seconds = burst + random.uniform(0.25, 0.6);
  const voiced = random.next() < 0.6 ? random.uniform(0.3, 1) : 0;
  const utterance: Utterance = {
    seconds,
    pitch: [[0, 1.2], [intake, 1.8], [seconds, 0.9]],
    voicing: [[0, 0], [0.5 * intake, 0.3 * voiced], [intake, 0], [burst + 0.05, 0], [burst + 0.12, voiced], [
      seconds,
      0,
    ]],
    aspiration: [[0, 0], [0.7 * intake, 0.4], [intake, 0], [burst, 0], [burst + 0.01, 2.5], [seconds, 0]],
    frication: [[burst, 0], [burst + 0.01, 2.5], [burst + 0.1, 1.5], [seconds, 0]],
    vowels: [[0, VOWELS[8]], [burst, VOWELS[0]], [seconds, VOWELS[7]]],
  };
  return speak(drawSpeaker(random), utterance, { random, sampleRate });
}

/** A snore: rushing air chopped 25 to 90 times a second by the palate, swelling over one to two seconds. */
export function synthesizeSnore(random: Random, { sampleRate }: Rate): Float32Array {
  const seconds = random.uniform(0.7, 2.2);
  const samples = whiteNoise(random, Math.round(seconds * sampleRate));
  const rate = random.uniform(25, 90) / sampleRate, depth = random.uniform(0.5, 1);
  let phase = 0, step = rate;
  for (let n = 0; n < samples.length; n++) {
    phase += step;
    if (phase >= 1) {
      phase -= 1;
      step = rate * (1 + 0.1 * random.normal());
    }
    samples[n]! *= 1 - depth + depth * Math.exp(-6 * phase);
  }
  filterInPlace(samples, { kind: "bandpass", frequency: random.uniform(250, 700), q: 1.2, sampleRate });
  filterInPlace(samples, {
    kind: "peak",
    frequency: random.uniform(900, 2200),
    q: 3,
    gainDecibels: 10,
    sampleRate,
  });
  const top = random.uniform(0.4, 0.8) * seconds;
  multiplyBy(samples, drawCurve([[0, 0], [top, 1], [seconds, 0]], { length: samples.length, sampleRate }));
  return scaleToPeak(samples, 0.9);
}

/** Breathing into the microphone, sniffing or blowing: one to three rushes of noise. */
export function synthesizeBreathing(random: Random, { sampleRate }: Rate): Float32Array {
  const samples = new Float32Array(Math.round(random.uniform(0.8, 2.4) * sampleRate));
  const sniff = random.next() < 0.4;
  for (let count = 1 + random.integer(3); count > 0; count--) {
    const seconds = sniff ? random.uniform(0.12, 0.35) : random.uniform(0.3, 1.2);
    const breath = scaleToPeak(synthesizeBreath(random, { seconds, sampleRate }), random.uniform(0.4, 0.9));
    mixInto(samples, breath, random.integer(Math.max(1, samples.length - breath.length)));
  }
  if (sniff) filterInPlace(samples, { kind: "highshelf", frequency: 1500, gainDecibels: 12, sampleRate });
  // Air on the capsule rumbles.
  else if (random.next() < 0.4) {
    filterInPlace(samples, {
      kind: "lowshelf",
      frequency: 200,
      gainDecibels: random.uniform(8, 20),
      sampleRate,
    });
  }
  return scaleToPeak(samples, 0.9);
}

/** A dog: one to four barks, each a rough falling tone with a sharp attack. */
export function synthesizeBark(random: Random, { sampleRate }: Rate): Float32Array {
  const big = random.next() < 0.5;
  const base = { ...drawSpeaker(random), pitch: big ? random.uniform(130, 350) : random.uniform(350, 900) };
  const speaker = { ...base, openMs: 450 / base.pitch, tractScale: big ? 1 : 1.6 };
  const voicing: CurvePoint[] = [[0, 0]], pitch: CurvePoint[] = [], aspiration: CurvePoint[] = [[0, 0]];
  let time = 0.005;
  for (let count = 1 + random.integer(4); count > 0; count--) {
    const length = random.uniform(0.1, 0.25);
    pitch.push([time, 0.9], [time + 0.25 * length, 1.25], [time + length, 0.7]);
    voicing.push([time, 0], [time + 0.015, 1], [time + 0.5 * length, 0.7], [time + length, 0]);
    aspiration.push([time, 0], [time + 0.01, 0.5], [time + length, 0]);
    time += length + random.uniform(0.1, 0.5);
  }
  const utterance: Utterance = {
    seconds: time,
    pitch,
    voicing,
    aspiration,
    frication: [[0, 0]],
    vowels: [[0, [500, 1100, 2300]], [time, [750, 1300, 2500]]],
    roughness: random.uniform(0.01, 0.06),
  };
  return speak(speaker, utterance, { random, sampleRate });
}
