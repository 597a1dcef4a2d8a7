import type { LiveChannel, ReachOptions } from "lib/media/platforms/port/live_channel.ts";
import { isTwitchAdvertisement } from "lib/media/platforms/twitch/advertisements.ts";
import type { TwitchConnection } from "lib/media/platforms/twitch/graphql.ts";
import { parseChannel, parseVodId, vodUrl } from "lib/media/platforms/twitch/vod_id.ts";

/** A recording that is fetched by its id. */
interface VodRecording {
  readonly kind: "vod";
  readonly platform: string;
  readonly id: string;
  readonly url: string;
}

const vodOf = (id: string): VodRecording => ({ kind: "vod", platform: "twitch", id, url: vodUrl(id) });

/** Twitch: VODs by id or address, and channels by name or address. */
export const TWITCH_PLATFORM = Object.freeze({
  name: "twitch",
  noun: "VOD",
  isAdvertisement: isTwitchAdvertisement,
  recording(text: string) {
    // An address without `https://` looks like a path, and may have been made one that starts elsewhere.
    const id = parseVodId(text) ??
      parseVodId(/(?:^|[\\/])((?:\w+\.)?twitch\.tv[\\/].+)$/i.exec(text)?.[1] ?? "");
    return id === undefined ? undefined : { open: () => Promise.resolve(vodOf(id)) };
  },
  channel(text: string) {
    const name = parseChannel(text);
    return name === undefined ? undefined : {
      name,
      list: ({ connect, sinceMs, signal }: ListOptions) =>
        listVods(connect.twitch(), name, { sinceMs, signal }),
      connect: (options: ReachOptions) => connectLive(name, options),
    };
  },
});

interface ListOptions {
  readonly connect: { readonly twitch: () => TwitchConnection };
  readonly sinceMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

async function connectLive(channel: string, options: ReachOptions): Promise<LiveChannel> {
  const { connectToChannel } = await import("lib/media/platforms/twitch/live_channel.ts");
  return connectToChannel(channel, options);
}

/** The oldest first: it is the next that Twitch deletes, and the newest may still be growing. */
async function listVods(
  connection: TwitchConnection,
  channel: string,
  { sinceMs = -Infinity, signal }: Omit<ListOptions, "connect">,
): Promise<VodRecording[]> {
  // Loaded when it is needed: whoever searches a file speaks to nobody.
  const { listChannelVods } = await import("lib/media/platforms/twitch/channel_vods.ts");
  const vods: VodRecording[] = [];
  for await (const { vodId, createdAt } of listChannelVods(connection, channel, { signal })) {
    if (createdAt !== undefined && Date.parse(createdAt) < sinceMs) break;
    vods.push(vodOf(vodId));
  }
  return vods.reverse();
}
