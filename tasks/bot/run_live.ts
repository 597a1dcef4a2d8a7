import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { type Clock, systemClock } from "lib/base/system/clock.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import type { Logger } from "lib/base/system/logger.ts";
import { createSecretSet } from "lib/base/system/secrets.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { createNoChat } from "lib/media/chat/chat_room.ts";
import { MissingAccountError } from "lib/media/platforms/port/live_channel.ts";
import { startBotSession } from "lib/work/bot/bot_session.ts";
import type { BotHealth, BotSession } from "lib/work/bot/bot_session_options.ts";
import { openChatRecorder } from "lib/work/bot/chat_recorder.ts";
import { openDetectionArchive } from "lib/work/bot/detection_archive.ts";
import type { DetectionStore } from "lib/work/bot/detection_keeper.ts";
import { openSaidMemory } from "lib/work/bot/said_memory.ts";
import { type HealthServer, startHealthServer } from "lib/work/live/health_server.ts";
import { openLiveSound } from "lib/work/live/live_sound.ts";
import { UsageError } from "tasks/command.ts";
import { type LiveSource, type NamedSource, parseLiveSource } from "lib/work/live/live_source.ts";
import { channelOf } from "tasks/bot/channel_option.ts";
import { watchStarter } from "tasks/bot/starter_watch.ts";
import type { BotRun } from "tasks/bot/run_bot.ts";

/** Runs the bot on a live stream, until it is interrupted or the source ends. */
export async function runLive(run: BotRun): Promise<number> {
  const { context, hearing } = run;
  const { options, signal } = context;
  const secrets = createSecretSet();
  for (const secret of [options.token, options.botToken]) if (secret) secrets.add(secret);
  const log = secrets.hiding(context.log);
  const channel = channelOf(options.channel);
  const named = nameSource(options.source ?? options.channel ?? "");
  const clock = systemClock;
  // Waits before another try differ from run to run, so that programs that failed together do not ask again together.
  const random = createRandom(crypto.randomUUID());
  const name = channel?.name ?? ("channel" in named ? named.channel.name : named.kind);
  const recording = `${name}-${stamp(clock.now())}`;
  const quality = options.quality === undefined ? {} : { quality: options.quality };
  const source: LiveSource = named.kind === "channel"
    ? {
      kind: "channel",
      channel: named.channel.name,
      ...quality,
      access: (await named.channel.connect({ ...options, log })).access,
    }
    : named.kind === "playlist"
    ? { ...named, ...quality }
    : named;
  const ended = new AbortController();
  const live = await channel?.connect({ ...options, log });
  const chat = live === undefined ? createNoChat() : await live.openChat({
    account: options.live ? options : undefined,
    fetch,
    clock,
    random,
    log,
    onSecret: (secret) => secrets.add(secret),
    signal,
  }).catch(asUsage);
  const stream = openLiveSound(source, { sampleRate: hearing.sampleRate, clock, random, fetch, signal });
  if (!options.live) log.info("dry run: nothing is sent to the chat without --live");
  let session: BotSession | undefined;
  let server: HealthServer | undefined;
  try {
    session = startBotSession({
      channel: name,
      recording,
      event: hearing.event,
      command: run.command,
      announcement: run.announcement,
      stream,
      sampleRate: hearing.sampleRate,
      hear: (blocks, threshold) => hearing.hear(blocks, threshold),
      threshold: hearing.threshold,
      chat,
      limits: run.limits,
      clock,
      log,
      recorder: channel === undefined || options.chats === "-"
        ? undefined
        : openChatRecorder(join(options.chats, `twitch-chat-${recording}.csv`), {
          onError: (error) => log.warn(`cannot write the chat down: ${errorMessage(error)}`),
        }),
      store: await openStore(run, name),
      said: options.live && options.output !== "-"
        ? await openSaidMemory(join(options.output, `.said-${name}.json`), { clock, onError: log.warn })
        : undefined,
      onRecord(record) {
        if (record.kind === "heard") context.printJson(record);
        if (record.kind !== "decision" || record.decision.kind === "wait") return;
        context.printJson(record);
        if (record.decision.kind === "send") {
          context.print(`${new Date(clock.now()).toISOString()}  ${record.decision.message.text}`);
        }
      },
    });
    const running = AbortSignal.any([signal, ended.signal]);
    void chat.keepLogin?.(running);
    void watchStarter({ clock, env: (name) => Deno.env.get(name), signal: running });
    void tellStatus(() => `${stream.statusLine()}; ${describeBot(session!.health())}`, {
      clock,
      log,
      signal: running,
    });
    if (options.healthPort !== undefined) {
      server = startHealthServer({
        port: options.healthPort,
        health: () => ({ stream: stream.health(), bot: session!.health() }),
        isWell: () => session!.health().chat.state === "joined" && stream.health().state !== "retrying",
      });
      log.info(`health at ${server.url}`);
    }
    await session.done;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    ended.abort();
    await server?.close();
  }
  return 0;
}

/** A line now and then shows whoever looks at the log that all is well. */
const STATUS_MS = 10 * 60_000;

async function tellStatus(
  status: () => string,
  { clock, log, signal }: { readonly clock: Clock; readonly log: Logger; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(STATUS_MS, signal).catch(() => {});
    if (!signal.aborted) log.info(status());
  }
}

function describeBot({ chat, today, isActive }: BotHealth): string {
  const silent = isActive ? "" : ", told to be silent";
  return `chat ${chat.state}${silent}; today ${today.heard} heard, ${today.said} messages said`;
}

/** An account that lacks something is the user's to complete. */
function asUsage(error: unknown): never {
  throw error instanceof MissingAccountError ? new UsageError(error.message) : error;
}

async function openStore({ context, hearing }: BotRun, name: string): Promise<DetectionStore | undefined> {
  const { options } = context;
  if (options.output === "-") return undefined;
  return {
    archive: await openDetectionArchive(join(options.output, name), options.detections),
    ledger: openLedger(join(options.clipFolder, "..", "labels.jsonl")),
    clipsRoot: options.clipFolder,
    model: hearing.modelName,
    grid: hearing.grid,
    column: hearing.column,
    width: hearing.width,
  };
}

function nameSource(text: string): NamedSource {
  try {
    return parseLiveSource(text);
  } catch (error) {
    throw new UsageError(errorMessage(error));
  }
}

/** A moment in a file's name, by the clock of the whole world, such as `20261121-061530`. */
function stamp(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}
