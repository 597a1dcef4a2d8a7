import { join } from "node:path";
import { counted } from "lib/base/events/counted.ts";
import { DEFAULT_LEDGER_PATH, openLedger } from "lib/learning/dataset/label_ledger.ts";
import { checkEventName } from "lib/learning/dataset/label_name.ts";
import { createCommandMatcher } from "lib/media/chat/commands.ts";
import type { PlatformRecording } from "lib/media/platforms/platforms.ts";
import { connectToTwitch, type TwitchSetup } from "lib/media/platforms/twitch/connect.ts";
import { DEFAULT_LOOK_BACK } from "lib/work/harvest/candidates.ts";
import { learnDelays } from "lib/work/harvest/delay_model.ts";
import type { HarvestSettings } from "lib/work/harvest/harvest_options.ts";
import { harvestName, readHarvestRecord, recordPath } from "lib/work/harvest/harvest_record.ts";
import { type HarvestOutcome, harvestRecording, isDone } from "lib/work/harvest/harvest_recording.ts";
import { knownDelays } from "lib/work/harvest/known_delays.ts";
import { readChannelChoice } from "tasks/harvest/channel_vods.ts";
import { type CommandContext, UsageError } from "tasks/command.ts";
import { openChatRecording } from "lib/work/harvest/chat_recording.ts";
import type { ModelScorer } from "lib/work/harvest/model_scorer.ts";
import { openRecordingSound } from "lib/work/harvest/recording_sound.ts";
import { describeDoubts, describeOutcome, summariseOutcome } from "tasks/harvest/describe_outcome.ts";
import { holdHarvestLock } from "tasks/harvest/harvest_lock.ts";
import { offsetHint } from "tasks/harvest/offset_hint.ts";
import type { HARVEST_OPTIONS } from "tasks/harvest/options.ts";
import { openModel, recordingOptions } from "tasks/harvest/open_inputs.ts";
import { type ChatSource, readSources } from "tasks/harvest/sources.ts";
import { chooseModels } from "lib/work/search/choose_models.ts";
import { fetchDueChats, readRecordings, unfinishedChats } from "tasks/harvest/vod_chats.ts";

type Context = CommandContext<typeof HARVEST_OPTIONS>;

/** Folders of a harvest, seen from the folder of the data. */
export interface HarvestFolders {
  readonly chats: string;
  readonly vods: string;
  readonly clips: string;
  readonly records: string;
  readonly reports: string;
  readonly ledger: string;
}

/** Harvests what the options say. @returns the exit code. */
export async function runHarvest(given: Context): Promise<number> {
  const context = { ...given, options: await withSound(given.options) };
  const { options } = context;
  const folders: HarvestFolders = {
    chats: join(options.data, "chats"),
    vods: join(options.data, "vods"),
    clips: join(options.data, "clips"),
    records: join(options.data, "reports", "harvest"),
    reports: join(options.data, "reports"),
    ledger: options.data === "data" ? DEFAULT_LEDGER_PATH : join(options.data, "labels.jsonl"),
  };
  if (options.dryRun) return await harvestAll(context, folders);
  return await holdHarvestLock(folders, options.event, () => harvestAll(context, folders));
}

/** The options, with the event and the model that `--sound` means. */
async function withSound(options: Context["options"]): Promise<Context["options"]> {
  if (options.sound === undefined) return options;
  const model = options.model === undefined ? [] : [options.model];
  const chosen = await chooseModels({ model, event: [], sound: [options.sound] });
  return { ...options, event: chosen.event[0]!, model: chosen.model[0]! };
}

async function harvestAll(context: Context, folders: HarvestFolders): Promise<number> {
  const { options, log, positionals } = context;
  const settings = readSettings(options);
  let setup: TwitchSetup | undefined;
  const twitch = () => setup ??= connectToTwitch({ token: options.token, access: options.access, log });
  const named = await readRecordings(options.vod);
  const choice = chooseChannel(context);
  const model = await openModel(options, settings.event, log.info);
  const run: HarvestRun = { context, folders, settings, twitch, model, outcomes: [] };
  let failed = false;
  try {
    if (choice === undefined) {
      const vodIds = named.flatMap((recording) => recording.kind === "vod" ? [recording.id] : []);
      const inFiles = named.flatMap((recording) => recording.kind === "files" ? [recording] : []);
      // Chats of VODs that were still being recorded are completed without being named again.
      const isAll = named.length === 0 && positionals.length === 0 && options.local.length === 0;
      const due = isAll ? await unfinishedChats(folders) : vodIds;
      failed = await fetchDueChats(due, { context, folders, twitch });
      for (const recording of inFiles) failed = await harvestFiles(recording, run) || failed;
      const isRest = inFiles.length === 0 || vodIds.length + positionals.length + options.local.length > 0;
      if (isRest) failed = await harvestChats(vodIds, run) || failed;
    } else {
      const { channel, noun, sinceMs } = choice;
      const recordings = await channel.list({ connect: { twitch }, sinceMs, signal: context.signal });
      log.info(`${counted(recordings.length, noun)} of ${channel.name}`);
      for (const [index, recording] of recordings.entries()) {
        context.signal.throwIfAborted();
        const isVod = recording.kind === "vod";
        log.info(`${noun} ${index + 1} of ${recordings.length}: ${isVod ? recording.id : recording.media}`);
        if (!isVod) {
          failed = await harvestFiles(recording, run) || failed;
          continue;
        }
        const isMissing = await fetchDueChats([recording.id], { context, folders, twitch });
        failed ||= isMissing;
        if (!isMissing) failed = await harvestChats([recording.id], run) || failed;
      }
    }
  } finally {
    await model?.close();
  }
  for (const line of describeDoubts(run.outcomes)) log.info(line);
  if (options.report && !options.dryRun) {
    const { writeHarvestReport } = await import("tasks/harvest/write_report.ts");
    const delays = learnDelays(run.delays ?? []);
    log.info(`written: ${await writeHarvestReport(folders, settings.event, delays)}`);
  }
  return failed ? 1 : 0;
}

function chooseChannel({ options, positionals }: Context): ReturnType<typeof readChannelChoice> {
  const choice = readChannelChoice(options);
  if (choice && options.vod.length + options.local.length + positionals.length > 0) {
    throw new UsageError("--channel takes all VODs of a channel: leave --vod, --local and chat files out");
  }
  return choice;
}

/** What all recordings of a run share. */
interface HarvestRun {
  readonly context: Context;
  readonly folders: HarvestFolders;
  readonly settings: HarvestSettings;
  readonly twitch: () => TwitchSetup;
  readonly model: ModelScorer | undefined;
  readonly outcomes: HarvestOutcome[];
  /** Delays that are known from labels. */
  delays?: readonly number[];
}

/** Harvests a recording that is on this machine already, with its chat. @returns whether something failed. */
async function harvestFiles(
  { media, chat }: Extract<PlatformRecording, { readonly kind: "files" }>,
  run: HarvestRun,
): Promise<boolean> {
  if (chat !== undefined) return await harvestChats([], run, { chatPaths: [chat], locals: [media] });
  run.context.log.warn(`${media}: skipped, no chat lies beside it under the same name`);
  return false;
}

/**
 * Harvests by the chats that are given, by default those that the options name, or by those of some VODs.
 * @returns whether something failed.
 */
async function harvestChats(
  vodIds: readonly string[],
  run: HarvestRun,
  given: Pick<Parameters<typeof readSources>[0], "chatPaths" | "locals"> = {
    chatPaths: run.context.positionals,
    locals: run.context.options.local,
  },
): Promise<boolean> {
  const { context, folders, settings, twitch, model } = run;
  const { options, log, progress, print, printJson, signal } = context;
  const read = await readSources({
    chatsFolder: folders.chats,
    vodsFolder: folders.vods,
    ...given,
    offsets: options.offset.map(readOffset),
    vodIds,
    command: settings.command,
    event: settings.event,
    bots: options.bot,
    log,
    signal,
  });
  const { sources } = read;
  let { failed } = read;
  if (sources.length === 0 && !failed && !options.dryRun) {
    throw new UsageError(
      `no chat to harvest by: put twitch-chat-<VOD id>.csv into ${folders.chats}, or name a VOD with --vod`,
    );
  }
  const ledger = openLedger(folders.ledger);
  const mentionsOf = (recording: string) =>
    sources.find((source) => source.recording === recording)?.evidence.mentions;
  const delays = knownDelays(await ledger.current(), mentionsOf, settings);
  if (delays.length > 0) log.info(`${counted(delays.length, "delay")} known from labels`);
  run.delays = delays;
  const opening = recordingOptions(context, folders, twitch);
  for (const given of sources) {
    const { name, local } = given;
    const own = local === undefined || given.vodId !== undefined
      ? name
      : await harvestName(folders.records, settings.event, { name, path: local });
    const source = { ...given, name: own };
    const path = recordPath(folders.records, settings.event, source.name);
    if (options.dryRun) {
      await showPlan(source, path, settings, model?.modelSha256, context);
      continue;
    }
    const bar = await progress.start(source.name, 1);
    const outcome = await harvestRecording({
      name: source.name,
      recording: source.recording,
      chatFile: source.chatPath.replaceAll("\\", "/").split("/").at(-1)!,
      evidence: source.evidence,
      open: async () =>
        await openRecordingSound(await openChatRecording(source, opening), {
          offset: source.offset,
          signal,
          onWarning: opening.onWarning,
          onNote: log.info,
        }),
    }, {
      settings,
      ledger,
      clipsFolder: folders.clips,
      recordPath: path,
      delays: learnDelays(delays),
      model,
      signal,
      onWarning: (text) => log.warn(text),
      onProgress: (done, total) => {
        bar.setTotal(total);
        bar.update(done);
      },
    });
    bar.stop();
    for (const problem of outcome.record.problems) log.error(`${source.name}: ${problem}`);
    const hint = offsetHint(outcome.record, source);
    if (hint !== undefined) log.warn(`${source.name}: ${hint}`);
    failed ||= outcome.failed;
    run.outcomes.push(outcome);
    print(describeOutcome(outcome));
    printJson(summariseOutcome(outcome));
    if (options.video) {
      const { cutVideos } = await import("tasks/harvest/cut_videos.ts");
      const video = { clips: folders.clips, opening: { ...opening, onWarning: undefined }, log, signal };
      failed = await cutVideos(outcome.record, source, video) || failed;
    }
  }
  return failed;
}

function readSettings(options: Context["options"]): HarvestSettings {
  const command = options.command ?? `!${options.event}`;
  try {
    checkEventName(options.event);
    createCommandMatcher(command);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
  return {
    event: options.event,
    command,
    lookBack: options.lookBack,
    keep: options.candidates,
    minProbability: options.minProbability,
    negativesPerPositive: options.negatives,
    hardScore: options.hardScore,
  };
}

function readOffset(text: string): number {
  const seconds = text.trim() === "" ? NaN : Number(text);
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new UsageError(`--offset must be seconds of 0 or more, is "${text}"`);
  }
  return seconds;
}

async function showPlan(
  source: ChatSource,
  path: string,
  settings: HarvestSettings,
  model: string | undefined,
  { print, printJson }: Context,
): Promise<void> {
  const record = await readHarvestRecord(path);
  const { mentions, messages, commands, botCommands } = source.evidence;
  const due = mentions.filter((mention) => !record || !isDone(record, mention, model));
  const seconds = due.length * ((settings.lookBack ?? DEFAULT_LOOK_BACK) + 1);
  print(
    `${source.name}: ${counted(messages, "message")}, ${
      counted(mentions.length, "mention")
    }, ${due.length} of them new; ` +
      "would listen to " +
      `${Math.round(seconds)} s of ${source.local ?? `VOD ${source.vodId}`}`,
  );
  printJson({
    recording: source.recording,
    messages,
    commands,
    botCommands,
    mentions: mentions.length,
    due: due.length,
    seconds,
    source: source.local ?? "twitch",
  });
}
