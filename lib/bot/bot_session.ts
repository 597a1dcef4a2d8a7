import { createBotFilter } from "lib/chat/bots.ts";
import { createCommandMatcher } from "lib/chat/commands.ts";
import { createArrivals } from "lib/bot/arrivals.ts";
import { readOrder } from "lib/bot/chat_orders.ts";
import type { ChatLine, ChatRoom, ChatSender, RoomListener } from "lib/bot/chat_room.ts";
import type { ChatRecorder } from "lib/bot/chat_recorder.ts";
import { createDayCounts } from "lib/bot/day_counts.ts";
import { createDetectionKeeper, type DetectionStore } from "lib/bot/detection_keeper.ts";
import { hearInTurns } from "lib/bot/hear_in_turns.ts";
import { obeyOrder, type OrderTarget } from "lib/bot/obey_order.ts";
import { createOwnWords } from "lib/bot/own_words.ts";
import type { SendLimits } from "lib/bot/send_limits.ts";
import { describeDecision, describeDelivery, type SessionRecord } from "lib/bot/session_record.ts";
import { createSpeaker, type Speaker } from "lib/bot/speaker.ts";
import type { PolicyInput } from "lib/bot/send_policy.ts";
import { createTroubleLog } from "lib/bot/trouble_log.ts";
import type { Hearing, TimedBlock } from "lib/detect/hearing.ts";
import type { LiveItem, LiveNotice, LiveSound } from "lib/live/live_item.ts";
import type { Clock } from "lib/system/clock.ts";
import type { Logger } from "lib/system/logger.ts";

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
  readonly joinChat: (listener: RoomListener) => ChatRoom;
  readonly createSender: (room: ChatRoom) => ChatSender;
  readonly limits: SendLimits;
  readonly clock: Clock;
  readonly log: Logger;
  /** Login of the bot's account, where it has one. */
  readonly ownLogin?: string | undefined;
  readonly recorder?: ChatRecorder | undefined;
  readonly store?: DetectionStore | undefined;
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

const COUNT_NAMES = ["heard", "withdrawn", "wrong", "said", "dropped", "humans"] as const;
type CountName = (typeof COUNT_NAMES)[number];

/** Answers of the bot begin so; who reads its chat later can tell them from people's. */
const PREFIX = "[bot]";
/** Twitch ignores for so long who was too fast. */
const NOTICE_HOLDS_MS: Readonly<Record<string, number>> = {
  msg_ratelimit: 30 * 60_000,
  msg_timedout: 10 * 60_000,
  msg_banned: 60 * 60_000,
  msg_channel_suspended: 60 * 60_000,
};

/**
 * Starts a bot: it listens to the stream, says by the policy what it hears, obeys the broadcaster and moderators, and keeps
 * chat and detections. The same code runs live and in a replay; only stream, chat and clock differ.
 */
export function startBotSession(options: BotSessionOptions): BotSession {
  const { event, command, clock, log, recorder, limits } = options;
  const tellRecord = options.onRecord ?? (() => {});
  const counts = createDayCounts(COUNT_NAMES);
  const isCommand = createCommandMatcher(command);
  const trouble = createTroubleLog(log);
  const ownWords = createOwnWords(clock);
  const isBot = createBotFilter({
    bots: options.ownLogin === undefined ? [] : [options.ownLogin],
    announcementPrefixes: [PREFIX, ...(options.announcement ? [options.announcement] : [])],
  });
  const arrivals = createArrivals();
  let threshold = options.threshold;
  /** Wall clock at the stream's time 0, in milliseconds since 1970. */
  let originMs: number | undefined;
  let lastLatencyMs: number | undefined;
  let lastHeard = { onset: -Infinity, offset: -Infinity };
  const arrivalOf = new Map<string, number>();
  const keeper = createDetectionKeeper(options.store, {
    recording: options.recording,
    sampleRate: options.sampleRate,
    clock,
    onError: (error) => log.warn(`cannot keep a detection: ${messageOf(error)}`),
  });

  let speaker: Speaker | undefined = undefined;
  // A chat may speak up before the bot can, which is told of the state then.
  const tell = (input: PolicyInput) => speaker?.tell(input);
  const chat = options.joinChat({
    onLine,
    onState(state, reason) {
      tell({ kind: "connection", up: state === "joined" });
      if (state === "joined") log.info(`chat: joined ${options.channel}`);
      tellRecord({ kind: "chat", state, ...(reason === undefined ? {} : { reason }) });
    },
    onModerator: (isModerator) => tell({ kind: "moderator", isModerator }),
    onNotice(id, text) {
      if (text !== "") log.warn(`chat: Twitch says: ${text}`);
      const holdMs = NOTICE_HOLDS_MS[id];
      if (holdMs !== undefined) tell({ kind: "hold", untilMs: clock.monotonicMs() + holdMs });
    },
  });
  const sender = options.createSender(chat);
  speaker = createSpeaker(sender, {
    limits,
    clock,
    listener: {
      onDecision(decision) {
        const { message } = decision;
        const arrivedMs = arrivalOf.get(message.event ?? "");
        if (decision.kind === "send") {
          ownWords.add(message.text);
          counts.add("said", clock.now());
          if (message.role === "command" && arrivedMs !== undefined) {
            lastLatencyMs = decision.atMs - arrivedMs;
          }
        }
        if (decision.kind === "drop") counts.add("dropped", clock.now());
        if (decision.kind !== "wait" && message.role === "command") arrivalOf.delete(message.event ?? "");
        const late = decision.kind === "send" && message.role === "command" && lastLatencyMs !== undefined
          ? `, ${Math.round(lastLatencyMs)} ms after the sound's end was here`
          : "";
        log.info(`${describeDecision(decision, sender.name)}${late}`);
        tellRecord({ kind: "decision", decision });
      },
      onDelivery(message, delivery) {
        if (["refused", "unknown", "unsent"].includes(delivery.kind)) {
          log.warn(describeDelivery(message, delivery));
        }
        if (delivery.kind === "sent" || delivery.kind === "delivered") {
          record(clock.now(), options.ownLogin, message.text);
        }
        tellRecord({ kind: "delivery", message, delivery });
      },
    },
  });
  tell({ kind: "connection", up: chat.state === "joined" });

  const orders: OrderTarget = {
    event,
    threshold: () => threshold,
    setThreshold: (value) => threshold = value,
    setActive: (isActive) => tell({ kind: "active", isActive }),
    countToday() {
      const { heard, withdrawn, wrong } = counts.today(clock.now());
      return heard - withdrawn - wrong;
    },
    async markLastWrong(who) {
      const outcome = await keeper.markLastWrong(who);
      if (outcome === "marked") counts.add("wrong", clock.now());
      return outcome;
    },
    reply: (text) => tell({ kind: "reply", text: `${PREFIX} ${text}` }),
    onError: (error) => log.warn(`cannot mark the detection: ${messageOf(error)}`),
  };

  function onLine(line: ChatLine): void {
    const atMs = line.sentMs ?? line.arrivedMs;
    if (line.login === options.ownLogin && ownWords.isEcho(line.text)) return;
    record(atMs, line.login, line.text);
    const order = readOrder(line, event);
    if (order) {
      log.info(`chat: ${line.login} orders ${line.text.trim()}`);
      return obeyOrder(order, line.login, orders);
    }
    if (isBot({ time: 0, userName: line.login, message: line.text })) return;
    if (!isCommand(line.text)) return;
    counts.add("humans", clock.now());
    tellRecord({ kind: "human", atMs: clock.monotonicMs(), login: line.login });
    tell({ kind: "human" });
  }

  function record(atMs: number, login: string | undefined, message: string): void {
    if (originMs === undefined) return;
    const time = Math.max(0, (atMs - originMs) / 1000);
    recorder?.write({ time, message, ...(login === undefined ? {} : { userName: login }) });
  }

  function onNotice(notice: LiveNotice): void {
    const { what, text } = notice;
    if (what === "retry" || what === "stall" || what === "renewed") trouble.tell(text);
    else log.info(text);
    if (what === "online" || what === "offline" || what === "ended") trouble.over();
    if (what === "advertisement-begin") tell({ kind: "advertisement", running: true });
    if (what === "advertisement-end" || what === "ended") {
      tell({ kind: "advertisement", running: false });
    }
    tellRecord({ kind: "notice", notice });
  }

  function onSound(sound: LiveSound): void {
    const end = sound.streamTime + sound.samples.length / options.sampleRate;
    originMs ??= (sound.wallClockMs ?? clock.now()) -
      (sound.wallClockMs === undefined ? end : sound.streamTime) * 1000;
    arrivals.note(end, sound.arrivedAtMs);
    keeper.hearSound(sound.samples, sound.streamTime);
  }

  function onHearing(hearing: Hearing, turn: number): void {
    if (hearing.kind === "scored") return keeper.hearScores(hearing.detection, hearing.startTime);
    if (hearing.event.label !== event) return;
    const id = `${turn}-${hearing.id}`;
    const { onset, offset, score } = hearing.event;
    if (hearing.kind === "withdrawn") {
      counts.add("withdrawn", clock.now());
      log.info(`${event} at ${onset.toFixed(2)} s was none after all`);
      keeper.drop(id);
    } else if (hearing.kind === "confirmed") {
      keeper.confirm(id, hearing.event);
    } else {
      // Where the detector began anew, it may hear the end of an event once more.
      const isAgain = onset < lastHeard.offset && offset > lastHeard.onset;
      lastHeard = { onset, offset: Math.max(offset, isAgain ? lastHeard.offset : offset) };
      if (isAgain) return;
      const arrivedMs = arrivals.of(offset) ?? clock.monotonicMs();
      counts.add("heard", clock.now());
      log.info(`${event} from ${onset.toFixed(2)} to ${offset.toFixed(2)} s, score ${score.toFixed(2)}`);
      arrivalOf.set(id, arrivedMs);
      keeper.begin(id, hearing.event);
      if (!hearing.provisional) keeper.confirm(id, hearing.event);
      tell({
        kind: "event",
        event: id,
        command,
        arrivedMs,
        ...(options.announcement ? { announcement: options.announcement } : {}),
      });
    }
    tellRecord({ ...hearing, id, atMs: clock.monotonicMs() });
  }

  async function run(): Promise<void> {
    try {
      const turns = hearInTurns(options.stream, {
        hear: options.hear,
        threshold: () => threshold,
        onSound,
        onNotice,
      });
      for await (const { turn, hearing } of turns) onHearing(hearing, turn);
    } finally {
      await chat.close();
      await speaker?.close();
      await keeper.close();
      await recorder?.close();
    }
  }

  return {
    done: run(),
    health: () => ({
      chat: { state: chat.state, joins: chat.joins },
      isActive: speaker!.state.isActive,
      isModerator: speaker!.state.isModerator,
      threshold,
      today: counts.today(clock.now()),
      waiting: speaker!.state.queue.length,
      lastLatencyMs,
    }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
