/** A stream of pseudo-random numbers that the same seed always repeats, on every platform. */
export interface Random {
  /** Next number, uniform in [0, 1), a multiple of 2^-32. */
  next(): number;
  /** Uniform in [lo, hi). */
  uniform(lo: number, hi: number): number;
  /**
   * Whole number, uniform in 0..n-1.
   * @throws {RangeError} when `n` is not a whole number from 1 to 2^32.
   */
  integer(n: number): number;
  /** Normally distributed with mean 0 and variance 1. */
  normal(): number;
  /**
   * One of the items, each with the same chance.
   * @throws {RangeError} when there are none.
   */
  pick<T>(items: readonly T[]): T;
  /** The items in random order, as a new array. */
  shuffle<T>(items: readonly T[]): T[];
  /**
   * An independent stream. It depends on this stream's seed and on `name` alone, not on how many numbers have
   * been drawn, so that one part of a program can draw more without changing what another part gets.
   */
  fork(name: string): Random;
  /** All that {@link restoreRandom} needs to go on with the next number, as a short text. */
  state(): string;
}

type Words = readonly [number, number, number, number];

/**
 * Starts a stream. A number and its text (`7` and `"7"`) are the same seed.
 *
 * The generator is xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(createRandom(7).integer(1000), createRandom("7").integer(1000));
 * ```
 */
export function createRandom(seed: number | string): Random {
  const key = hashWords(String(seed));
  return new Xoshiro128(key, key);
}

/**
 * Goes on with a stream from what {@link Random.state} gave.
 * @throws {SyntaxError} when `state` is not such a text.
 */
export function restoreRandom(state: string): Random {
  if (!/^[0-9a-f]{32}\.[0-9a-f]{32}$/.test(state)) {
    throw new SyntaxError(`Cannot restore a random stream from "${state}": it is not a saved state`);
  }
  const [key, current] = state.split(".") as [string, string];
  return new Xoshiro128(parseWords(key), parseWords(current));
}

class Xoshiro128 implements Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(private readonly key: Words, [a, b, c, d]: Words) {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }

  next(): number {
    const product = Math.imul(this.#b, 5);
    const scrambled = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return (scrambled >>> 0) / 0x1_0000_0000;
  }

  uniform(lo: number, hi: number): number {
    return lo + (hi - lo) * this.next();
  }

  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x1_0000_0000) {
      throw new RangeError(`Cannot draw a whole number below ${n}: it must be from 1 to 2^32`);
    }
    return Math.floor(this.next() * n);
  }

  normal(): number {
    // Box and Muller, of whose two values one is thrown away: keeping it would have to be part of the state.
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("Cannot pick one of no items");
    return items[this.integer(items.length)]!;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = items.slice();
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
    }
    return shuffled;
  }

  fork(name: string): Random {
    const key = hashWords(`${formatWords(this.key)}/${name}`);
    return new Xoshiro128(key, key);
  }

  state(): string {
    return `${formatWords(this.key)}.${formatWords([this.#a, this.#b, this.#c, this.#d])}`;
  }
}

/** Spreads a text over 128 bits: FNV-1a in four lanes, each finished by the mixer of MurmurHash3. */
function hashWords(text: string): Words {
  const bytes = new TextEncoder().encode(text);
  const lane = (basis: number): number => {
    let hash = basis;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  };
  const words: Words = [lane(0x811c9dc5), lane(0x9e3779b9), lane(0x7f4a7c15), lane(0xf39cc060)];
  // The generator stands still on all zeros; no text is known to lead there.
  return words.some((word) => word !== 0) ? words : [1, 0, 0, 0];
}

function formatWords(words: Words): string {
  return words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function parseWords(hex: string): Words {
  const word = (index: number) => Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16);
  return [word(0), word(1), word(2), word(3)];
}
