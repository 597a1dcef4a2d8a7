import type { Clock } from "lib/base/system/clock.ts";
import type { Logger } from "lib/base/system/logger.ts";
import type { Hearing, TimedBlock } from "lib/learning/detect/hearing.ts";
import type { ChatRoom, LiveChat } from "lib/media/chat/chat_room.ts";
import type { ChatRecorder } from "lib/work/bot/chat_recorder.ts";
import type { DetectionStore } from "lib/work/bot/detection_keeper.ts";
import type { SaidMemory } from "lib/work/bot/said_memory.ts";
import type { SendLimits } from "lib/work/bot/send_limits.ts";
import type { SessionRecord } from "lib/work/bot/session_record.ts";
import type { LiveItem } from "lib/work/live/live_item.ts";

/** What is counted by the day. */
export const COUNT_NAMES = ["heard", "withdrawn", "wrong", "said", "dropped", "humans"] as const;
/** One of {@linkcode COUNT_NAMES}. */
type CountName = (typeof COUNT_NAMES)[number];

/** What a bot listens to, says and keeps. */
export interface BotSessionOptions {
  readonly channel: string;
  /** Name under which what is heard is kept. */
  readonly recording: string;
  /** The sound that is answered. */
  readonly event: string;
  /** What is said about it, such as `!burp`, and what before it, if anything. */
  readonly command: string;
  readonly announcement?: string | undefined;
  readonly stream: AsyncIterable<LiveItem>;
  /** In Hz, of the stream's sound. */
  readonly sampleRate: number;
  /** The detector; begun anew when somebody orders another threshold. */
  readonly hear: (blocks: AsyncIterable<TimedBlock>, threshold: number) => AsyncIterable<Hearing>;
  readonly threshold: number;
  readonly chat: LiveChat;
  readonly limits: SendLimits;
  readonly clock: Clock;
  readonly log: Logger;
  readonly recorder?: ChatRecorder | undefined;
  readonly store?: DetectionStore | undefined;
  /** What the bot said before it was started anew. */
  readonly said?: SaidMemory | undefined;
  /** Told of everything that happens. */
  readonly onRecord?: (record: SessionRecord) => void;
}

/** How a bot is doing. */
export interface BotHealth {
  readonly chat: { readonly state: ChatRoom["state"]; readonly joins: number };
  readonly isActive: boolean;
  readonly isModerator: boolean;
  readonly threshold: number;
  /** Since local midnight. */
  readonly today: Readonly<Record<CountName, number>>;
  /** Messages that wait. */
  readonly waiting: number;
  /** From the arrival of the sound's end to the command's leaving, of the last command, in milliseconds. */
  readonly lastLatencyMs: number | undefined;
}

/** A bot that runs. */
export interface BotSession {
  /** Settles when the stream has ended and everything is put away. */
  readonly done: Promise<void>;
  health(): BotHealth;
}
