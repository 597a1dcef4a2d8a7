import { basename } from "node:path";
import { openAudio } from "lib/audio/audio_source.ts";
import type { CommandContext, ProgressBar } from "tasks/command.ts";

/** Opens recordings one after the other, each with a bar of its own in place of the one before. */
export interface BarredRecordings {
  /** Mono blocks of a recording at a rate in Hz. */
  openBlocks(path: string, sampleRate: number): Promise<AsyncIterable<Float32Array>>;
  /** Moves the bar to so many seconds of the recording. */
  onProgress(path: string, seconds: number): void;
  /** Takes the bar away. */
  stop(): void;
}

export function openWithBar(
  { log, progress, signal }: Pick<CommandContext<Record<never, never>>, "log" | "progress" | "signal">,
): BarredRecordings {
  let bar: ProgressBar | undefined;
  return {
    async openBlocks(path, sampleRate) {
      const source = await openAudio(path, { sampleRate, signal, onWarning: (text) => log.warn(text) });
      bar?.stop();
      bar = await progress.start(basename(path), source.duration ?? 0, "seconds");
      return source.blocks;
    },
    onProgress: (_, seconds) => bar?.update(seconds),
    stop: () => bar?.stop(),
  };
}
