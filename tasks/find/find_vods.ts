import { counted } from "lib/base/events/counted.ts";
import type { TwitchSetup } from "lib/media/platforms/twitch/connect.ts";
import type { CommandContext } from "tasks/command.ts";
import type { FIND_OPTIONS } from "tasks/find/options.ts";
import type { NamedVod } from "lib/media/recording/vod_recording.ts";
import type { SearchedRecording } from "lib/work/search/recordings.ts";

/** What `find` is asked for. */
export type FindContext = CommandContext<typeof FIND_OPTIONS>;

/** The same with all of a channel among the recordings, where one was named. */
export async function withChannel(context: FindContext): Promise<FindContext> {
  const { options, positionals, log, signal } = context;
  const { readChannelChoice } = await import("tasks/harvest/channel_vods.ts");
  const choice = readChannelChoice(options);
  if (!choice) return context;
  const { connectToTwitch } = await import("lib/media/platforms/twitch/connect.ts");
  const connect = { twitch: () => connectToTwitch({ ...options, log }) };
  const found = await choice.channel.list({ ...choice, connect, signal });
  log.info(`${counted(found.length, choice.noun)} of ${choice.channel.name}`);
  const words = found.map((recording) => recording.kind === "vod" ? recording.id : recording.media);
  return { ...context, positionals: [...positionals, ...words] };
}

/** Opens VODs; what speaking to Twitch needs is loaded with the first of them. */
export function vodOpener(
  { options, log, signal }: FindContext,
): (vod: NamedVod) => Promise<SearchedRecording> {
  let setup: TwitchSetup | undefined;
  return async (vod) => {
    const { connectToTwitch } = await import("lib/media/platforms/twitch/connect.ts");
    const { keptVodRecording } = await import("lib/work/search/kept_vod_recording.ts");
    const { token, access, quality, keep, force, vods } = options;
    setup ??= connectToTwitch({ token, access, log });
    return await keptVodRecording(vod, {
      twitch: setup,
      quality,
      folder: vods,
      keep,
      force,
      signal,
      onWarning: (text) => log.warn(text),
      onInfo: (text) => log.info(text),
    });
  };
}
