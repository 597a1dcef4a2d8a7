import { basename, dirname, extname, join } from "node:path";
import { writeCsvEvents } from "lib/base/events/csv_events.ts";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { synthesizeChat } from "lib/learning/synthesis/chatters.ts";
import type { SynthesizedStream } from "lib/learning/synthesis/stream.ts";
import { createWavWriter } from "lib/media/audio/wav_writer.ts";
import { chatCsvHeader, chatCsvRow } from "lib/media/chat/chat_csv.ts";

/** How {@linkcode writeStreamFiles} works. */
interface StreamFilesOptions {
  /** Decides who chats what. */
  readonly seed: number | string;
  /** Folder of the chat file; without one, no chat is written. */
  readonly chatFolder?: string;
  /** What chatters type; `!burp` by default. */
  readonly command?: string;
  readonly signal?: AbortSignal | undefined;
  /** Told how many seconds are written. */
  readonly onProgress?: ((seconds: number) => void) | undefined;
}

/** The files of a synthetic recording. */
export interface StreamFiles {
  readonly recording: string;
  /** CSV of the events that are in it. */
  readonly truth: string;
  readonly chat?: string;
}

/** Where the files of a recording go: the truth beside it, the chat as `twitch-chat-<name>.csv` into its folder. */
export function streamFilesOf(recording: string, chatFolder?: string): StreamFiles {
  const name = basename(recording, extname(recording));
  return {
    recording,
    truth: join(dirname(recording), `${name}.csv`),
    ...(chatFolder === undefined ? {} : { chat: join(chatFolder, `twitch-chat-${name}.csv`) }),
  };
}

/** Writes a stream as WAV, its truth as CSV, and a chat about it; each file appears when it is whole. */
export async function writeStreamFiles(
  recording: string,
  stream: SynthesizedStream,
  options: StreamFilesOptions,
): Promise<StreamFiles> {
  const { seed, chatFolder, command, signal, onProgress } = options;
  const files = streamFilesOf(recording, chatFolder);
  for (const file of [files.recording, files.chat]) {
    if (file !== undefined) await Deno.mkdir(dirname(file), { recursive: true });
  }
  const writer = await createWavWriter(recording, { sampleRate: stream.sampleRate });
  try {
    let samples = 0;
    for await (const block of stream.blocks) {
      signal?.throwIfAborted();
      await writer.write(block);
      samples += block.length;
      onProgress?.(samples / stream.sampleRate);
    }
    await writer.commit();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  await writeFileAtomic(files.truth, writeCsvEvents(stream.truth.map((event) => ({ recording, ...event }))));
  if (files.chat !== undefined) {
    const messages = synthesizeChat(stream.truth, {
      seed,
      durationSeconds: stream.duration,
      bot: "sound_counter",
      ...(command === undefined ? {} : { command }),
    });
    await writeFileAtomic(files.chat, chatCsvHeader() + messages.map((row) => chatCsvRow(row)).join(""));
  }
  return files;
}
