import { dirname } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import type { Clock } from "lib/base/system/clock.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import type { Sent } from "lib/work/bot/policy_state.ts";

const savedSchema = z.strictObject({
  formatVersion: z.literal(1),
  said: z.array(z.strictObject({
    /** As an ISO 8601 time. */
    time: z.iso.datetime(),
    text: z.string(),
    role: z.enum(["announcement", "command", "reply"]),
  })),
});

/** What a bot said lately, on disk: Twitch counts a bot that was restarted as the same. */
export interface SaidMemory {
  /** Messages of the last hour, oldest first, on this run's `monotonicMs()`. */
  readonly sent: readonly Sent[];
  /** Keeps what was said by now; earlier than the next call at the latest. */
  keep(sent: readonly Sent[]): void;
  /** Waits until all is kept. */
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;

/**
 * Opens the memory in a file, which appears with the first message.
 *
 * @param options `onError` is told in a line of a file that cannot be read or written; the bot goes on without.
 */
export async function openSaidMemory(
  path: string,
  { clock, onError }: { readonly clock: Clock; readonly onError: (text: string) => void },
): Promise<SaidMemory> {
  // Both clocks at once: times on disk must outlive this run's monotonic clock.
  const originMs = clock.now() - clock.monotonicMs();
  let waiting: readonly Sent[] | undefined;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const sent = waiting;
    waiting = undefined;
    if (!sent) return;
    const said = sent.map(({ atMs, message: { text, role } }) => ({
      time: new Date(originMs + atMs).toISOString(),
      text,
      role,
    }));
    try {
      await Deno.mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, `${JSON.stringify({ formatVersion: 1, said })}\n`);
    } catch (error) {
      onError(`${path}: cannot keep what was said: ${errorMessage(error)}`);
    }
  }

  return {
    sent: await read(path, originMs, clock.monotonicMs(), onError),
    keep(sent) {
      waiting = sent;
      writing = writing.then(write);
    },
    close: () => writing,
  };
}

async function read(
  path: string,
  originMs: number,
  nowMs: number,
  onError: (text: string) => void,
): Promise<Sent[]> {
  try {
    const { said } = savedSchema.parse(JSON.parse(await Deno.readTextFile(path)));
    return said.map(({ time, text, role }, i): Sent => {
      // A clock that was set back meanwhile must not make it say less for longer than an hour.
      const atMs = Math.min(nowMs, Date.parse(time) - originMs);
      // Below the numbers of this run's messages, which begin at 1.
      return { message: { id: i - said.length, text, role }, sinceMs: atMs, atMs };
    }).filter(({ atMs }) => nowMs - atMs < HOUR_MS);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    onError(`${path} cannot be read; the bot does not know what it said before: remove the file`);
    return [];
  }
}
