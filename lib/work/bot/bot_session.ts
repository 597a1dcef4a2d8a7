import { errorMessage } from "lib/base/system/error_message.ts";
import { createTroubleLog } from "lib/base/system/trouble_log.ts";
import { createBotFilter } from "lib/media/chat/bots.ts";
import type { ChatLine } from "lib/media/chat/chat_room.ts";
import { createCommandMatcher } from "lib/media/chat/commands.ts";
import { type BotSession, type BotSessionOptions, COUNT_NAMES } from "lib/work/bot/bot_session_options.ts";
import { readOrder } from "lib/work/bot/chat_orders.ts";
import { createDayCounts } from "lib/work/bot/day_counts.ts";
import { createDetectionKeeper } from "lib/work/bot/detection_keeper.ts";
import { hearInTurns } from "lib/work/bot/hear_in_turns.ts";
import { createHeardEvents } from "lib/work/bot/heard_events.ts";
import { obeyOrder, type OrderTarget } from "lib/work/bot/obey_order.ts";
import { createOwnWords } from "lib/work/bot/own_words.ts";
import type { PolicyInput } from "lib/work/bot/policy_state.ts";
import { describeDecision, describeDelivery } from "lib/work/bot/session_record.ts";
import { createSpeaker, type Speaker } from "lib/work/bot/speaker.ts";
import type { LiveNotice, LiveSound } from "lib/work/live/live_item.ts";

/** Answers of the bot begin so; who reads its chat later can tell them from people's. */
const PREFIX = "[bot]";

/**
 * Starts a bot: it listens to the stream, says by the policy what it hears, obeys the broadcaster and moderators, and keeps
 * chat and detections. The same code runs live and in a replay; only stream, chat and clock differ.
 */
export function startBotSession(options: BotSessionOptions): BotSession {
  const { event, command, clock, log, recorder, limits, chat: { ownLogin } } = options;
  const tellRecord = options.onRecord ?? (() => {});
  const counts = createDayCounts(COUNT_NAMES);
  const isCommand = createCommandMatcher(command);
  const trouble = createTroubleLog(log);
  const ownWords = createOwnWords(clock);
  const isBot = createBotFilter({
    bots: ownLogin === undefined ? [] : [ownLogin],
    announcementPrefixes: [PREFIX, ...(options.announcement ? [options.announcement] : [])],
  });
  let threshold = options.threshold;
  /** Wall clock at the stream's time 0, in milliseconds since 1970. */
  let originMs: number | undefined;
  let lastLatencyMs: number | undefined;
  const keeper = createDetectionKeeper(options.store, {
    recording: options.recording,
    sampleRate: options.sampleRate,
    clock,
    onError: (error) => log.warn(`cannot keep a detection: ${errorMessage(error)}`),
  });

  const events = createHeardEvents({
    ...options,
    keeper,
    count: (name) => counts.add(name, clock.now()),
    tell: (input) => tell(input),
    tellRecord,
  });

  let speaker: Speaker | undefined = undefined;
  // A chat may speak up before the bot can, which is told of the state then.
  const tell = (input: PolicyInput) => speaker?.tell(input);
  const room = options.chat.join({
    onLine,
    onState(state, reason) {
      tell({ kind: "connection", up: state === "joined" });
      if (state === "joined") log.info(`chat: joined ${options.channel}`);
      tellRecord({ kind: "chat", state, ...(reason === undefined ? {} : { reason }) });
    },
    onModerator: (isModerator) => tell({ kind: "moderator", isModerator }),
    onNotice({ from, text, holdMs }) {
      if (text !== "") log.warn(`chat: ${from} says: ${text}`);
      if (holdMs !== undefined) tell({ kind: "hold", untilMs: clock.monotonicMs() + holdMs });
    },
  });
  const sender = options.chat.createSender(room);
  speaker = createSpeaker(sender, {
    limits,
    clock,
    sent: options.said?.sent,
    listener: {
      onSent: (sent) => options.said?.keep(sent),
      onDecision(decision) {
        const { message } = decision;
        // What is not waited for any more need not be known any more.
        const arrivedMs = decision.kind === "wait" || message.role !== "command"
          ? undefined
          : events.takeArrival(message.event ?? "");
        let late = "";
        if (decision.kind === "send") {
          ownWords.add(message.text);
          counts.add("said", clock.now());
          if (arrivedMs !== undefined) {
            lastLatencyMs = decision.atMs - arrivedMs;
            late = `, ${Math.round(lastLatencyMs)} ms after the sound's end was here`;
          }
        }
        if (decision.kind === "drop") counts.add("dropped", clock.now());
        log.info(`${describeDecision(decision, { sender: sender.name, limits })}${late}`);
        tellRecord({ kind: "decision", decision });
      },
      onDelivery(message, delivery) {
        if (["refused", "unknown", "unsent"].includes(delivery.kind)) {
          log.warn(describeDelivery(message, delivery));
        }
        if (delivery.kind === "sent" || delivery.kind === "delivered") {
          record(clock.now(), ownLogin, message.text);
        }
        tellRecord({ kind: "delivery", message, delivery });
      },
    },
  });
  tell({ kind: "connection", up: room.state === "joined" });

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
    onError: (error) => log.warn(`cannot mark the detection: ${errorMessage(error)}`),
  };

  function onLine(line: ChatLine): void {
    const atMs = line.sentMs ?? line.arrivedMs;
    if (line.login === ownLogin && ownWords.isEcho(line.text)) return;
    record(atMs, line.login, line.text, line.isBot);
    const order = readOrder(line, event);
    if (order) {
      log.info(`chat: ${line.login} orders ${line.text.trim()}`);
      return obeyOrder(order, line.login, orders);
    }
    if (
      isBot({ time: 0, userName: line.login, message: line.text, ...(line.isBot ? { isBot: true } : {}) })
    ) return;
    if (!isCommand(line.text)) return;
    counts.add("humans", clock.now());
    tellRecord({ kind: "human", atMs: clock.monotonicMs(), login: line.login });
    tell({ kind: "human" });
  }

  function record(atMs: number, login: string | undefined, message: string, isBot = false): void {
    if (originMs === undefined) return;
    const time = Math.max(0, (atMs - originMs) / 1000);
    recorder?.write({
      time,
      message,
      ...(login === undefined ? {} : { userName: login }),
      ...(isBot ? { isBot } : {}),
    });
  }

  function onNotice(notice: LiveNotice): void {
    const { what, text } = notice;
    if (what === "retry" || what === "stall" || what === "renewed") trouble.tell(text);
    else log.info(text);
    if (what === "online" || what === "offline" || what === "ended") trouble.over();
    if (what === "offline" || what === "ended") events.arrivals.startAnew();
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
    events.arrivals.note(end, sound.samples.length / options.sampleRate, sound.arrivedAtMs);
    keeper.hearSound(sound.samples, sound.streamTime);
  }

  async function run(): Promise<void> {
    try {
      const turns = hearInTurns(options.stream, {
        hear: options.hear,
        threshold: () => threshold,
        onSound,
        onNotice,
      });
      for await (const { turn, hearing } of turns) events.hear(hearing, turn);
    } finally {
      await room.close();
      await speaker?.close();
      await options.said?.close();
      await keeper.close();
      await recorder?.close();
    }
  }

  return {
    done: run(),
    health: () => ({
      chat: { state: room.state, joins: room.joins },
      isActive: speaker!.state.isActive,
      isModerator: speaker!.state.isModerator,
      threshold,
      today: counts.today(clock.now()),
      waiting: speaker!.state.queue.length,
      lastLatencyMs,
    }),
  };
}
