import { errorMessage } from "lib/base/system/error_message.ts";
import { createTroubleLog } from "lib/base/system/trouble_log.ts";
import type { RoomListener } from "lib/media/chat/chat_room.ts";
import { type BotSession, type BotSessionOptions, COUNT_NAMES } from "lib/work/bot/bot_session_options.ts";
import { BOT_PREFIX, createChatReader } from "lib/work/bot/chat_reader.ts";
import { createDayCounts } from "lib/work/bot/day_counts.ts";
import { createDetectionKeeper } from "lib/work/bot/detection_keeper.ts";
import { hearInTurns } from "lib/work/bot/hear_in_turns.ts";
import { createHeardEvents } from "lib/work/bot/heard_events.ts";
import type { OrderTarget } from "lib/work/bot/obey_order.ts";
import { createOwnWords } from "lib/work/bot/own_words.ts";
import type { PolicyInput } from "lib/work/bot/policy_state.ts";
import { createVoice } from "lib/work/bot/voice.ts";
import type { LiveNotice, LiveSound } from "lib/work/live/live_item.ts";

/**
 * Starts a bot: it listens to the stream, says by the policy what it hears, obeys the broadcaster and moderators, and keeps
 * chat and detections. The same code runs live and in a replay; only stream, chat and clock differ.
 */
export function startBotSession(options: BotSessionOptions): BotSession {
  const { event, clock, log, recorder } = options;
  const tellRecord = options.onRecord ?? (() => {});
  const counts = createDayCounts(COUNT_NAMES);
  const count = (name: (typeof COUNT_NAMES)[number]) => counts.add(name, clock.now());
  const trouble = createTroubleLog(log);
  const ownWords = createOwnWords(clock);
  let threshold = options.threshold;
  const keeper = createDetectionKeeper(options.store, {
    recording: options.recording,
    sampleRate: options.sampleRate,
    clock,
    onError: (error) => log.warn(`cannot keep a detection: ${errorMessage(error)}`),
  });

  let voice: ReturnType<typeof createVoice> | undefined = undefined;
  // A chat may speak up before the bot can, which is told of the state then.
  const tell = (input: PolicyInput) => voice?.tell(input);
  const events = createHeardEvents({ ...options, keeper, count, tell, tellRecord });
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
      if (outcome === "marked") count("wrong");
      return outcome;
    },
    reply: (text) => tell({ kind: "reply", text: `${BOT_PREFIX} ${text}` }),
    onError: (error) => log.warn(`cannot mark the detection: ${errorMessage(error)}`),
  };
  const reader = createChatReader(options, {
    isEcho: ownWords.isEcho,
    orders,
    onHuman(login) {
      count("humans");
      tellRecord({ kind: "human", atMs: clock.monotonicMs(), login });
      tell({ kind: "human" });
    },
  });
  const room = options.chat.join(roomListener(options, reader.read, tell));
  voice = createVoice(options.chat.createSender(room), options, {
    takeArrival: events.takeArrival,
    count,
    onSend: ownWords.add,
    onLeft: reader.noteOwn,
  });
  tell({ kind: "connection", up: room.state === "joined" });

  function onNotice(notice: LiveNotice): void {
    const { what, text } = notice;
    if (what === "retry" || what === "stall" || what === "renewed") trouble.tell(text);
    else log.info(text);
    if (what === "online" || what === "offline" || what === "ended") trouble.over();
    if (what === "offline" || what === "ended") events.arrivals.startAnew();
    if (what === "advertisement-begin") tell({ kind: "advertisement", running: true });
    // A stream that goes off the air within an advertisement tells no end of it.
    if (what === "advertisement-end" || what === "ended" || what === "offline") {
      tell({ kind: "advertisement", running: false });
    }
    tellRecord({ kind: "notice", notice });
  }

  function onSound({ samples, streamTime, wallClockMs, arrivedAtMs }: LiveSound): void {
    const seconds = samples.length / options.sampleRate;
    const end = streamTime + seconds;
    reader.startAt(wallClockMs === undefined ? clock.now() - end * 1000 : wallClockMs - streamTime * 1000);
    events.arrivals.note(end, seconds, arrivedAtMs);
    keeper.hearSound(samples, streamTime);
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
      await voice?.close();
      await options.said?.close();
      await keeper.close();
      await recorder?.close();
    }
  }

  return {
    done: run(),
    health: () => ({
      chat: { state: room.state, joins: room.joins },
      isActive: voice!.state.isActive,
      isModerator: voice!.state.isModerator,
      threshold,
      today: counts.today(clock.now()),
      waiting: voice!.state.queue.length,
      lastLatencyMs: voice!.lastLatencyMs,
    }),
  };
}

/** What the bot does with what a chat tells of itself. */
function roomListener(
  { channel, clock, log, onRecord }: BotSessionOptions,
  onLine: RoomListener["onLine"],
  tell: (input: PolicyInput) => void,
): RoomListener {
  return {
    onLine,
    onState(state, reason) {
      tell({ kind: "connection", up: state === "joined" });
      if (state === "joined") log.info(`chat: joined ${channel}`);
      onRecord?.({ kind: "chat", state, ...(reason === undefined ? {} : { reason }) });
    },
    onModerator: (isModerator) => tell({ kind: "moderator", isModerator }),
    onNotice({ from, text, holdMs }) {
      if (text !== "") log.warn(`chat: ${from} says: ${text}`);
      if (holdMs !== undefined) tell({ kind: "hold", untilMs: clock.monotonicMs() + holdMs });
    },
  };
}
