import { type LiveAccess, toPlaybackSource, type VodAccess } from "lib/media/hls/playback_source.ts";
import type { TwitchConnection } from "lib/media/platforms/twitch/graphql.ts";
import { openPlayback } from "lib/media/platforms/twitch/playback.ts";

/** The way that is built in: playback token, then the playlist of renditions. */
export function createTwitchAccess(connection: TwitchConnection): VodAccess & LiveAccess {
  return {
    name: "built-in",
    async openVod(vodId, { quality, signal } = {}) {
      return toPlaybackSource(await openPlayback(connection, { kind: "vod", vodId }, { signal }), quality);
    },
    async openLive(channel, { quality, signal } = {}) {
      return toPlaybackSource(await openPlayback(connection, { kind: "live", channel }, { signal }), quality);
    },
  };
}
