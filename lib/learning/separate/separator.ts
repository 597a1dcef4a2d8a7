/** Samples of each channel, shape [C][N], full scale at 1. */
export type Channels = readonly Float32Array<ArrayBuffer>[];

/** Voice that is taken out of sound while the sound arrives. */
export interface VoiceStream {
  /**
   * Takes the next samples of all channels; gives the voice in the samples that are certain by now, in order and without
   * gaps: the first that it gives is that of the first sample that it took.
   */
  push(block: Channels): Promise<Channels>;
  /** Gives the rest, so that as many samples came out as went in. To be called once, at the end. */
  flush(): Promise<Channels>;
  /** Gives back what it holds; nothing is to be called after it. */
  close(): void;
}

/** A way to tell voice from everything else. */
export interface Separator {
  /** For people, such as `DeepFilterNet3`. */
  readonly name: string;
  /** The rate that samples must have, in Hz. */
  readonly sampleRate: number;
  /** Starts on a recording of 1 or 2 channels. Any number of them can be open at once. */
  open(channels: number): Promise<VoiceStream>;
}

/** Both parts of a stretch of sound. They have the same length, and their sum is that stretch. */
export interface Stems {
  readonly voice: Channels;
  readonly game: Channels;
}

/**
 * Separates a recording as it arrives: `game` is what is left of the sound without `voice`. Memory does not grow with it.
 *
 * Where the voice would take either part beyond full scale, it is held back, so that both can be stored as integers and still
 * add up.
 *
 * @param blocks Samples at the separator's rate, all of as many channels.
 */
export async function* separate(
  blocks: AsyncIterable<Channels>,
  separator: Separator,
  { channels, signal }: { readonly channels: number; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<Stems> {
  const stream = await separator.open(channels);
  /** Sound whose voice has not come yet. */
  const waiting: Channels[] = [];
  let skipped = 0;
  const takeSound = (length: number): Channels => {
    const sound = Array.from({ length: channels }, () => new Float32Array(length));
    for (let filled = 0; filled < length;) {
      const oldest = waiting[0]!;
      const count = Math.min(oldest[0]!.length - skipped, length - filled);
      sound.forEach((samples, c) => samples.set(oldest[c]!.subarray(skipped, skipped + count), filled));
      filled += count;
      skipped += count;
      if (skipped < oldest[0]!.length) continue;
      waiting.shift();
      skipped = 0;
    }
    return sound;
  };
  try {
    for await (const block of blocks) {
      signal?.throwIfAborted();
      if (block[0]!.length === 0) continue;
      waiting.push(block);
      const voice = await stream.push(block);
      if (voice[0]!.length > 0) yield stemsOf(takeSound(voice[0]!.length), voice);
    }
    const voice = await stream.flush();
    if (voice[0]!.length > 0) yield stemsOf(takeSound(voice[0]!.length), voice);
  } finally {
    stream.close();
  }
}

function stemsOf(sound: Channels, voice: Channels): Stems {
  const held = sound.map((samples, c) =>
    samples.map((x, n) => Math.max(-1, x - 1, Math.min(1, x + 1, voice[c]![n]!)))
  );
  return { voice: held, game: sound.map((samples, c) => samples.map((x, n) => x - held[c]![n]!)) };
}

/** Samples whose channels alternate, as channels of their own. */
export function splitChannels(interleaved: Float32Array, channels: number): Channels {
  return Array.from({ length: channels }, (_, c) => {
    const samples = new Float32Array(interleaved.length / channels);
    for (let n = 0; n < samples.length; n++) samples[n] = interleaved[n * channels + c]!;
    return samples;
  });
}

/** Channels as samples that alternate. */
export function joinChannels(channels: Channels): Float32Array<ArrayBuffer> {
  const width = channels.length;
  const joined = new Float32Array(width * channels[0]!.length);
  channels.forEach((samples, c) => samples.forEach((value, n) => joined[n * width + c] = value));
  return joined;
}
