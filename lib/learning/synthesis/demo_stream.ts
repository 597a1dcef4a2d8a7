import { join } from "node:path";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { type StreamFiles, streamFilesOf, writeStreamFiles } from "lib/learning/synthesis/stream_files.ts";

/** What {@link writeDemoStream} makes. */
interface DemoStreamOptions {
  /** Length, in seconds; 300 by default. */
  readonly seconds?: number | undefined;
  /** Number of events; 10 by default. */
  readonly events?: number;
  readonly seed?: string;
}

/** The quietest are hard to hear under the game, the loudest stand out. */
const SNR_DECIBELS = [-3, 12] as const;

/**
 * Writes a short stream to try things on: sound with events at known times, the truth beside it, and the chat of people who
 * heard them, with delays, slips of the fingers, mentions of nothing, and a bot. Files of the same seed and size that are
 * there are used as they are.
 *
 * @param folder Gets `vods/` and `chats/`.
 */
export async function writeDemoStream(
  folder: string,
  { seconds = 300, events = 10, seed = "demo" }: DemoStreamOptions = {},
): Promise<Required<StreamFiles>> {
  const recording = join(folder, "vods", `${seed}-${seconds}s-${events}.wav`);
  const chatFolder = join(folder, "chats");
  const files = { ...streamFilesOf(recording, chatFolder), chat: streamFilesOf(recording, chatFolder).chat! };
  // The chat is written last.
  if (await Deno.stat(files.chat).then(() => true, () => false)) return files;
  const plan = planEvents({ durationSeconds: seconds, seed, count: events, snrDecibels: SNR_DECIBELS });
  const stream = synthesizeStream({ durationSeconds: seconds, seed, events: plan });
  await writeStreamFiles(recording, stream, { seed, chatFolder });
  return files;
}
