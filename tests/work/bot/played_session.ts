import { createLogger } from "lib/base/system/logger.ts";
import type { Hearing, TimedBlock } from "lib/learning/detect/hearing.ts";
import { type ChatRoom, createRoomSender, type RoomListener } from "lib/media/chat/chat_room.ts";
import { startBotSession } from "lib/work/bot/bot_session.ts";
import type { BotSessionOptions } from "lib/work/bot/bot_session_options.ts";
import { DEFAULT_LIMITS } from "lib/work/bot/send_limits.ts";
import type { SessionRecord } from "lib/work/bot/session_record.ts";
import { createVirtualClock, type VirtualClock } from "lib/work/bot/virtual_clock.ts";
import type { LiveItem, LiveNoticeKind } from "lib/work/live/live_item.ts";

/** Rate of the sound of a played session, in Hz. */
export const RATE = 100;

/** Something that happens in a played session, at the end of a second of its sound. */
export type Step =
  | { readonly hear: readonly Hearing[] }
  | { readonly line: string; readonly from: string; readonly badge?: "broadcaster" | "moderator" | "bot" }
  | { readonly notice: LiveNoticeKind }
  /** An outage: this second's sound and what follows come only then, at once as far as there is any. */
  | { readonly heldUntil: number };

/** What came of a session. */
export interface PlayedSession {
  /** What reached the chat, with the second of the stream. */
  readonly said: readonly (readonly [seconds: number, text: string])[];
  readonly records: readonly SessionRecord[];
  readonly log: string;
  /** Thresholds with which the detector was begun. */
  readonly thresholds: readonly number[];
}

/** An event as a detector tells it. */
export function heard(id: number, onset: number, provisional = false): Hearing {
  return { kind: "heard", id, provisional, event: { onset, offset: onset + 0.5, label: "burp", score: 0.9 } };
}

/**
 * Plays a stream of so many seconds, one second at a time, to the real session: a detector that says what it is told, and a
 * chat in which everything arrives.
 */
export async function playSession(
  seconds: number,
  steps: Readonly<Record<number, readonly Step[]>>,
  changes: Partial<BotSessionOptions> & { readonly onSecond?: (second: number) => Promise<void> | void } = {},
): Promise<PlayedSession> {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1, 12));
  const said: (readonly [number, string])[] = [];
  const records: SessionRecord[] = [];
  const log: string[] = [];
  const thresholds: number[] = [];
  let listener: RoomListener | undefined;
  const room: ChatRoom = {
    state: "joined",
    joins: 1,
    say(text) {
      said.push([clock.monotonicMs() / 1000, text]);
      return Promise.resolve({ kind: "sent" });
    },
    close: () => Promise.resolve(),
  };
  const session = startBotSession({
    channel: "somebody",
    recording: "somebody-1",
    event: "burp",
    command: "!burp",
    stream: stream(seconds, clock, steps, (line) => listener!.onLine(line), changes.onSecond),
    sampleRate: RATE,
    async *hear(blocks: AsyncIterable<TimedBlock>, threshold: number) {
      thresholds.push(threshold);
      for await (const block of blocks) {
        for (const step of steps[Math.round(block.streamTime + 1)] ?? []) {
          if ("hear" in step) yield* step.hear;
        }
      }
    },
    threshold: 0.5,
    chat: {
      ownLogin: "the_bot",
      join(given) {
        listener = given;
        return room;
      },
      createSender: createRoomSender,
    },
    limits: DEFAULT_LIMITS,
    clock,
    log: createLogger({ level: "debug", write: (line) => log.push(line) }),
    onRecord: (record) => records.push(record),
    ...changes,
  });
  await session.done;
  return { said, records, log: log.join("\n"), thresholds };
}

async function* stream(
  seconds: number,
  clock: VirtualClock,
  steps: Readonly<Record<number, readonly Step[]>>,
  onLine: RoomListener["onLine"],
  onSecond: ((second: number) => Promise<void> | void) | undefined,
): AsyncGenerator<LiveItem> {
  let heldUntil = 0;
  for (let second = 1; second <= seconds; second++) {
    for (const step of steps[second] ?? []) if ("heldUntil" in step) heldUntil = step.heldUntil;
    await clock.advanceTo(Math.max(second, heldUntil) * 1000);
    await onSecond?.(second);
    for (const step of steps[second] ?? []) {
      if ("notice" in step) {
        yield { kind: "notice", what: step.notice, text: step.notice, streamTime: second, atMs: clock.now() };
      }
      if ("line" in step) {
        onLine({
          arrivedMs: clock.now(),
          sentMs: clock.now() - 40,
          login: step.from,
          text: step.line,
          isBroadcaster: step.badge === "broadcaster",
          isModerator: step.badge === "moderator",
          isBot: step.badge === "bot",
        });
      }
    }
    yield {
      kind: "sound",
      samples: new Float32Array(RATE).fill(second / 100),
      streamTime: second - 1,
      arrivedAtMs: clock.monotonicMs(),
      sequence: second,
      gapSeconds: 0,
      endsSegment: true,
    };
  }
}
