import { concatenate } from "lib/base/numbers/concatenate.ts";
import type { AudioSource, OpenAudioOptions } from "lib/media/audio/audio_source.ts";
import { gatherBlocks } from "lib/media/audio/gather_blocks.ts";

/** A recording of which parts can be read. */
export interface ReadableRecording {
  /** @throws {AudioError} If it cannot be read. */
  open(options: OpenAudioOptions): Promise<AudioSource>;
  /** Whether a part can be read without all that is before it; it can, unless this says otherwise. */
  canJump?(): Promise<boolean>;
}

/** A part of a recording, in seconds. */
export interface SoundWindow {
  readonly start: number;
  readonly end: number;
}

/** Reads parts of a recording that were named beforehand. */
export interface WindowReader {
  /** Samples of one of the parts, shape [N]; fewer where the recording ends before. */
  read(window: SoundWindow): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/**
 * Makes a reader of parts. A recording in which no place can be found by its time is read once for all of them; best
 * read in the order of their ends, since those that are complete before their turn wait in memory.
 */
export function createWindowReader(
  recording: ReadableRecording,
  windows: readonly SoundWindow[],
  options: Pick<OpenAudioOptions, "signal"> & { readonly sampleRate: number },
): WindowReader {
  let pass: AsyncGenerator<readonly [SoundWindow, Float32Array<ArrayBuffer>]> | undefined;
  const complete = new Map<SoundWindow, Float32Array<ArrayBuffer>>();
  return {
    async read(window) {
      const { start, end } = window;
      if (await recording.canJump?.() ?? true) {
        return await gatherBlocks(
          (await recording.open({ ...options, start, duration: end - start })).blocks,
        );
      }
      pass ??= readAll(recording, windows, options);
      while (!complete.has(window)) {
        const next = await pass.next();
        if (next.done) break;
        complete.set(...next.value);
      }
      const samples = complete.get(window);
      complete.delete(window);
      return samples ?? new Float32Array(0);
    },
    close: async () => void (await pass?.return(undefined)),
  };
}

/** Samples of windows, each as soon as it is complete. */
async function* readAll(
  recording: ReadableRecording,
  windows: readonly SoundWindow[],
  options: OpenAudioOptions,
): AsyncGenerator<readonly [SoundWindow, Float32Array<ArrayBuffer>]> {
  const at = (seconds: number) => Math.round(seconds * options.sampleRate);
  const waiting = windows.toSorted((a, b) => a.start - b.start);
  let open: { readonly window: SoundWindow; readonly parts: Float32Array<ArrayBuffer>[] }[] = [];
  let position = 0;
  const { blocks } = await recording.open(options);
  for await (const block of blocks) {
    const end = position + block.length;
    while (waiting[0] && at(waiting[0].start) < end) open.push({ window: waiting.shift()!, parts: [] });
    for (const { window, parts } of open) {
      parts.push(
        block.slice(Math.max(0, at(window.start) - position), Math.max(0, at(window.end) - position)),
      );
    }
    position = end;
    const done = open.filter(({ window }) => at(window.end) <= end);
    open = open.filter(({ window }) => at(window.end) > end);
    for (const { window, parts } of done) yield [window, concatenate(parts)];
    if (open.length === 0 && waiting.length === 0) return;
  }
  for (const { window, parts } of open) yield [window, concatenate(parts)];
}
