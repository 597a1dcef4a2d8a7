import type { Channels, VoiceStream } from "lib/learning/separate/separator.ts";

/** What works on a recording hop by hop. */
export interface HopProcessor {
  /** Samples that it takes and gives at a time. */
  readonly hop: number;
  /** By how many samples what it gives lies behind what it takes. */
  readonly delay: number;
  /** Takes `hop` samples of each channel, and writes as many of the voice. */
  process(input: Channels, output: Channels): void | Promise<void>;
  close(): void;
}

/** Brings blocks of any size to hops and what comes out back in step with what went in. */
export function createHopStream(channels: number, processor: HopProcessor): VoiceStream {
  const { hop, delay } = processor;
  const empty = (length: number) => Array.from({ length: channels }, () => new Float32Array(length));
  const input = empty(hop);
  let filled = 0;
  let taken = 0;
  let given = 0;
  let late = delay;

  const run = async (block: Channels): Promise<Channels> => {
    const length = block[0]!.length;
    const output = empty(hop * Math.floor((filled + length) / hop));
    let written = 0;
    for (let at = 0; at < length;) {
      const count = Math.min(hop - filled, length - at);
      block.forEach((samples, c) => input[c]!.set(samples.subarray(at, at + count), filled));
      filled += count;
      at += count;
      if (filled < hop) continue;
      await processor.process(input, output.map((samples) => samples.subarray(written, written + hop)));
      written += hop;
      filled = 0;
    }
    const skip = Math.min(late, written);
    late -= skip;
    return output.map((samples) => samples.subarray(skip));
  };
  return {
    async push(block) {
      taken += block[0]!.length;
      const voice = await run(block);
      given += voice[0]!.length;
      return voice;
    },
    async flush() {
      const missing = taken - given;
      // Silence pushes out what is still inside.
      const rest = await run(empty(missing === 0 ? 0 : hop * Math.ceil((late + missing) / hop)));
      return rest.map((samples) => samples.subarray(0, missing));
    },
    close: () => processor.close(),
  };
}
