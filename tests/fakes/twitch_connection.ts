import { createRandom } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import type { LiveAccess, VodAccess } from "lib/media/hls/playback_source.ts";
import type { OpenVodOptions } from "lib/media/hls/vod.ts";
import { createHttpClient } from "lib/media/net/http_client.ts";
import type { RetryPolicy } from "lib/media/net/retry.ts";
import type { TwitchConnection } from "lib/media/platforms/twitch/graphql.ts";
import { createTwitchAccess } from "lib/media/platforms/twitch/twitch_access.ts";
import { createFastClock } from "tests/fakes/fast_clock.ts";
import type { FakeTwitch } from "tests/fakes/twitch_server.ts";

/** A connection to a fake Twitch, with real `fetch` and quick waits. */
export function connect(
  twitch: Pick<FakeTwitch, "endpoints">,
  options: {
    token?: string;
    clock?: Clock | undefined;
    retry?: Partial<RetryPolicy>;
    seed?: string;
    fetch?: typeof fetch;
  } = {},
): TwitchConnection & OpenVodOptions & { readonly access: VodAccess & LiveAccess } {
  const clock = options.clock ?? createFastClock();
  const random = createRandom(options.seed ?? "connection");
  const http = createHttpClient({
    fetch: options.fetch ?? fetch,
    clock,
    random,
    ...(options.retry ? { retry: options.retry } : {}),
  });
  const connection = { http, endpoints: twitch.endpoints, token: options.token };
  return { ...connection, clock, random, access: createTwitchAccess(connection) };
}
