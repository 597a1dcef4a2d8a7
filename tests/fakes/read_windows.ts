/**
 * Reads a whole fake VOD window by window into a cache and prints the number of its bytes; a process of its own, so that
 * a test can kill it. Arguments: endpoints as JSON, folder of the cache.
 */
import { createRandom } from "lib/base/numbers/random.ts";
import { systemClock } from "lib/base/system/clock.ts";
import type { TwitchEndpoints } from "lib/media/platforms/twitch/endpoints.ts";
import { createHttpClient } from "lib/media/net/http_client.ts";
import { createTwitchAccess } from "lib/media/platforms/twitch/twitch_access.ts";
import { openVod } from "lib/media/hls/vod.ts";
import { readVodWindow } from "lib/media/hls/vod_stream.ts";

const [endpointsText = "", cacheFolder] = Deno.args;
const endpoints = JSON.parse(endpointsText) as TwitchEndpoints;
const random = createRandom("windows");
const http = createHttpClient({ fetch, clock: systemClock, random });
const access = createTwitchAccess({ http, endpoints });
const vod = await openVod("1", { access, http, clock: systemClock, random, cacheFolder });
let length = 0;
for (const { start, duration } of vod.playlist.segments) {
  const window = { start: start + 0.1 * duration, end: start + 0.9 * duration };
  length += (await readVodWindow(vod, window))!.bytes.length;
}
await Deno.stdout.write(new TextEncoder().encode(`${length}\n`));
