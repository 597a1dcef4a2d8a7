import { counted } from "lib/base/events/counted.ts";
import type { Recording } from "lib/work/search/recordings.ts";
import type { CommandContext } from "tasks/command.ts";
import type { FIND_OPTIONS } from "tasks/find/options.ts";
import type { TwitchSetup } from "tasks/harvest/twitch_connection.ts";

/** What `find` is asked for. */
export type FindContext = CommandContext<typeof FIND_OPTIONS>;

/** The same with the VODs of a channel among the recordings, where one was named. */
export async function withChannel(context: FindContext): Promise<FindContext> {
  const { options, positionals, log, signal } = context;
  const { channelVodIds, readChannelChoice } = await import("tasks/harvest/channel_vods.ts");
  const channel = readChannelChoice(options);
  if (!channel) return context;
  const { connectToTwitch } = await import("tasks/harvest/twitch_connection.ts");
  const ids = await channelVodIds(connectToTwitch({ ...options, log }), channel.name, { ...channel, signal });
  log.info(`${counted(ids.length, "VOD")} of ${channel.name}`);
  return { ...context, positionals: [...positionals, ...ids] };
}

/** Opens VODs; what speaking to Twitch needs is loaded with the first of them. */
export function vodOpener({ options, log, signal }: FindContext): (vodId: string) => Promise<Recording> {
  let setup: TwitchSetup | undefined;
  return async (vodId) => {
    const { connectToTwitch } = await import("tasks/harvest/twitch_connection.ts");
    const { vodRecording } = await import("lib/work/search/vod_recording.ts");
    const { token, access, quality, keep, force, vods } = options;
    setup ??= connectToTwitch({ token, access, log });
    return await vodRecording(vodId, {
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
