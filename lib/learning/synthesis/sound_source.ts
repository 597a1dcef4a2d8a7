import { mixInto } from "lib/learning/synthesis/level.ts";

/** A sound without end that is made piece by piece. */
export interface SoundSource {
  /** The next `length` samples. */
  render(length: number): Float32Array;
}

/** Sounds that overlap, as a source: what begins before a block and ends after it is kept for the next. */
export class SoundQueue {
  #pending = new Float32Array(0);

  /** Adds a sound that begins `start` samples after the end of the last block taken. */
  add(sound: Float32Array, start: number, gain = 1): void {
    const end = start + sound.length;
    if (end > this.#pending.length) {
      const longer = new Float32Array(Math.max(end, Math.ceil(1.5 * this.#pending.length)));
      longer.set(this.#pending);
      this.#pending = longer;
    }
    mixInto(this.#pending, sound, start, gain);
  }

  /** Takes the next `length` samples. */
  take(length: number): Float32Array {
    const block = new Float32Array(length);
    block.set(this.#pending.subarray(0, length));
    this.#pending = this.#pending.slice(length);
    return block;
  }
}
