import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { formatClockMs } from "lib/base/events/clock_time.ts";
import { deepLink } from "lib/base/events/deep_link.ts";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { exists } from "lib/base/system/exists.ts";
import { readEventFile } from "lib/learning/evaluate/event_files.ts";
import { rowsOfRecording } from "lib/learning/evaluate/named_recordings.ts";
import { readChatFile } from "lib/media/chat/chat_file.ts";
import { findPlatformRecording } from "lib/media/platforms/platforms.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import type { Recording } from "lib/media/recording/recording.ts";
import type { NamedVod } from "lib/media/recording/vod_recording.ts";
import { samplesAround } from "lib/show/report/mistake_cards.ts";
import { REPLAY_SOUND_RATE, writeReplayReport } from "lib/show/report/replay_report.ts";
import { replay } from "lib/work/bot/replay.ts";
import { replayFigures } from "lib/work/bot/replay_figures.ts";
import { describeReplay } from "lib/work/bot/replay_lines.ts";
import { replayPage } from "lib/work/bot/replay_page.ts";
import { readPlacedChat } from "lib/work/harvest/crop_offset.ts";
import { channelOf } from "tasks/bot/channel_option.ts";
import { logBadRows } from "tasks/command/bad_rows.ts";
import type { BotRun } from "tasks/bot/run_bot.ts";

/** Runs the bot against a recording and says what it would have said. */
export async function runReplay(run: BotRun, named: string): Promise<number> {
  const { context, hearing } = run;
  const { options, signal, log, print, printJson } = context;
  const found = existsSync(named) ? undefined : await findPlatformRecording(named);
  const vod = found?.kind === "vod" ? found : undefined;
  const files = found?.kind === "files" ? found : undefined;
  const recording = files?.media ?? named;
  const chat = options.chat ?? files?.chat;
  for (const name of ["chat", "annotations"] as const) {
    const path = options[name];
    if (path !== undefined && !await Deno.stat(path).then(({ isFile }) => isFile, () => false)) {
      throw new Deno.errors.NotFound(`--${name} ${path}: there is no such file`);
    }
  }
  const annotations = options.annotations === undefined
    ? undefined
    : rowsOfRecording(await readEventFile(options.annotations), recording)
      .filter(({ label }) => label === hearing.event || label === "");
  const badRows = logBadRows(chat ?? "", log);
  const source = await (await openRecording(recording, vod, run)).open({
    sampleRate: hearing.sampleRate,
    signal,
    onWarning: (text) => log.warn(text),
    onNote: log.info,
  });
  const bar = await context.progress.start(recording, source.duration ?? 0, "seconds");
  const outcome = await replay({
    source,
    messages: chat === undefined
      ? undefined
      // A VOD is there from its beginning; a file may be a part of one, as its chat may.
      : vod !== undefined
      ? readChatFile(chat, badRows)
      : readPlacedChat(chat, recording, badRows),
    recording,
    channel: channelOf(options.channel)?.name ?? "",
    event: hearing.event,
    command: run.command,
    announcement: run.announcement,
    hear: (blocks, threshold) => hearing.hear(blocks, threshold),
    threshold: hearing.threshold,
    limits: run.limits,
    ...(options.speed === undefined ? {} : { speed: options.speed }),
    log: { ...log, info: log.debug },
    onProgress: (seconds) => bar.update(seconds),
    signal,
  });
  bar.stop();
  badRows.end();
  signal.throwIfAborted();
  const figures = replayFigures(outcome, annotations);
  const address = vod === undefined ? "" : recording;
  for (const { time, text, event } of figures.messages) {
    const url = deepLink(address, event?.onset ?? time);
    print(`${formatClockMs(time)}  ${text}${url === undefined ? "" : `  ${url}`}`);
  }
  for (const line of describeReplay(figures, hearing.event)) log.info(line);
  printJson(figures);
  if (options.report !== undefined) {
    await Deno.mkdir(dirname(options.report), { recursive: true });
    const page = replayPage(figures, { recording, event: hearing.event });
    // Of a VOD, every sound would have to be fetched once more.
    const soundOf = await exists(recording)
      ? (event: SoundEvent) => samplesAround(recording, event, REPLAY_SOUND_RATE, options.track)
      : undefined;
    await writeReplayReport(options.report, { ...page, soundOf });
    log.info(`${options.report} shows it over time`);
  }
  return 0;
}

/** The recording that is meant: a file, or a VOD of a platform. */
async function openRecording(
  path: string,
  vod: NamedVod | undefined,
  { context }: BotRun,
): Promise<Recording> {
  const { options, signal, log } = context;
  if (vod === undefined) return fileRecording(path, options.track);
  const { connectToTwitch } = await import("lib/media/platforms/twitch/connect.ts");
  const { openVod } = await import("lib/media/hls/vod.ts");
  const { vodRecording } = await import("lib/media/recording/vod_recording.ts");
  const { token, access, quality } = options;
  return vodRecording(
    vod,
    await openVod(vod.id, { ...connectToTwitch({ token, access, log }), quality, signal }),
  );
}
