import { basename } from "node:path";
import { openAudio } from "lib/media/audio/audio_source.ts";
import type { CommandContext, ProgressBar } from "tasks/command.ts";

/** Opens recordings one after the other, each with a bar of its own in place of the one before. */
interface BarredRecordings {
  /** Mono blocks of a recording at a rate in Hz. */
  openBlocks(path: string, sampleRate: number): Promise<AsyncIterable<Float32Array>>;
  /** Moves the bar to so many seconds of the recording. */
  onProgress(path: string, seconds: number): void;
  /** Takes the bar away. */
  stop(): void;
}

/**
 * @param options `track` is heard, by default the one that players play; `told` remembers what was noted of recordings that
 * are opened several times.
 */
export function openWithBar(
  { log, progress, signal }: Pick<CommandContext<Record<never, never>>, "log" | "progress" | "signal">,
  { track, told = new Set() }: {
    readonly track: string | undefined;
    readonly told?: Set<string> | undefined;
  },
): BarredRecordings {
  let bar: ProgressBar | undefined;
  const onNote = (text: string): void => {
    if (!told.has(text)) log.info(text);
    told.add(text);
  };
  return {
    async openBlocks(path, sampleRate) {
      const onWarning = (text: string) => log.warn(text);
      const source = await openAudio(path, { sampleRate, signal, track, onWarning, onNote });
      bar?.stop();
      bar = await progress.start(basename(path), source.duration ?? 0, "seconds");
      return source.blocks;
    },
    onProgress: (_, seconds) => bar?.update(seconds),
    stop: () => bar?.stop(),
  };
}
