import type { Random } from "lib/base/numbers/random.ts";

/** A room as one hears it in a recording. */
interface Room {
  /** Time in which the tail falls by 60 dB, in seconds. */
  readonly reverberationTime: number;
  /** Amplitude of the tail relative to the direct sound; 0 is a dry booth. */
  readonly wetness: number;
  /** Time between the direct sound and the first reflections, in seconds: the size of the room. */
  readonly firstReflection: number;
  /** Part of a tail's highs that each pass keeps, from 0 to 1: low for curtains and carpets. */
  readonly brightness: number;
}

/** A room of a streamer: most are small and dry, some are bare and ring. */
export function drawRoom(random: Random): Room {
  const bare = random.next() < 0.2;
  return {
    reverberationTime: bare ? random.uniform(0.4, 0.9) : random.uniform(0.08, 0.4),
    wetness: bare ? random.uniform(0.15, 0.6) : random.uniform(0, 0.3),
    firstReflection: random.uniform(0.002, 0.012),
    brightness: random.uniform(0.3, 0.9),
  };
}

const LINES = 4;

/**
 * The sound in the room, longer by its tail: early reflections, then a network of four delay lines whose feedback is
 * a Hadamard matrix (J.-M. Jot and A. Chaigne, AES 1991), each with a damping of its highs. It costs a fraction of a
 * convolution with a room's impulse response.
 */
export function applyRoom(
  samples: Float32Array,
  room: Room,
  { random, sampleRate }: { random: Random; sampleRate: number },
): Float32Array {
  if (room.wetness <= 0) return samples;
  const tail = Math.round(Math.min(0.5, 0.5 * room.reverberationTime) * sampleRate);
  const wet = new Float32Array(samples.length + tail);
  wet.set(samples);
  for (let i = 0; i < 5; i++) {
    const delay = Math.round(room.firstReflection * (1 + i * random.uniform(0.6, 1.4)) * sampleRate);
    const gain = room.wetness * (random.next() < 0.5 ? -1 : 1) * random.uniform(0.4, 1) / (1 + i);
    for (let n = 0; n < samples.length; n++) {
      const at = n + delay;
      if (at < wet.length) wet[at]! += gain * samples[n]!;
    }
  }
  const lines: Float32Array[] = [];
  const gains: number[] = [];
  for (let i = 0; i < LINES; i++) {
    const seconds = (0.013 + 0.011 * i + random.uniform(0, 0.009)) * (0.7 + 40 * room.firstReflection);
    lines.push(new Float32Array(Math.max(2, Math.round(seconds * sampleRate))));
    gains.push(10 ** (-3 * seconds / room.reverberationTime));
  }
  const [lineA, lineB, lineC, lineD] = lines as [Float32Array, Float32Array, Float32Array, Float32Array];
  const [gainA, gainB, gainC, gainD] = gains as [number, number, number, number];
  const keep = room.brightness, lose = 1 - keep;
  let a = 0, b = 0, c = 0, d = 0, atA = 0, atB = 0, atC = 0, atD = 0;
  for (let n = 0; n < wet.length; n++) {
    a = keep * gainA * lineA[atA]! + lose * a;
    b = keep * gainB * lineB[atB]! + lose * b;
    c = keep * gainC * lineC[atC]! + lose * c;
    d = keep * gainD * lineD[atD]! + lose * d;
    const input = n < samples.length ? samples[n]! : 0;
    lineA[atA] = input + 0.5 * (a + b + c + d);
    lineB[atB] = input + 0.5 * (a - b + c - d);
    lineC[atC] = input + 0.5 * (a + b - c - d);
    lineD[atD] = input + 0.5 * (a - b - c + d);
    if (++atA === lineA.length) atA = 0;
    if (++atB === lineB.length) atB = 0;
    if (++atC === lineC.length) atC = 0;
    if (++atD === lineD.length) atD = 0;
    wet[n]! += room.wetness * 0.5 * (a - b + c - d);
  }
  return wet;
}
