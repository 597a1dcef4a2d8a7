import { z } from "zod";
import { encodeWavHeader } from "lib/media/audio/wav_writer.ts";
import denoConfig from "../../deno.json" with { type: "json" };
import { runDeno } from "tasks/bench/bench_context.ts";

/** The permissions that `find` has when a user runs it. */
export const FIND_FLAGS = denoConfig.tasks.find.command.split(" ").filter((word) => word.startsWith("-"));

const memorySchema = z.object({ code: z.literal(0), most: z.number().positive() });

/** Runs `find` in a process of its own; gives the most memory that it held, in bytes. */
export async function measureFindMemory(
  args: readonly string[],
  options: { readonly signal: AbortSignal },
): Promise<number> {
  const text = await runDeno([...FIND_FLAGS, "tasks/bench/find_memory.ts", "--quiet", ...args], options);
  return memorySchema.parse(JSON.parse(text)).most;
}

/** Writes silence as a WAV file that takes no room on the disk, where files may have holes. */
export async function writeSilence(
  path: string,
  { seconds, sampleRate }: { readonly seconds: number; readonly sampleRate: number },
): Promise<void> {
  const dataBytes = 2 * sampleRate * seconds;
  const header = encodeWavHeader(dataBytes, { sampleRate });
  await Deno.writeFile(path, header);
  await Deno.truncate(path, header.length + dataBytes);
}
