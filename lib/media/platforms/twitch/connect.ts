import { createRandom, type Random } from "lib/base/numbers/random.ts";
import { systemClock } from "lib/base/system/clock.ts";
import type { LiveAccess, VodAccess } from "lib/media/hls/playback_source.ts";
import { createHttpClient } from "lib/media/net/http_client.ts";
import type { RetryPolicy } from "lib/media/net/retry.ts";
import type { ReachOptions } from "lib/media/platforms/port/live_channel.ts";
import { readEndpoints } from "lib/media/platforms/twitch/endpoints.ts";
import type { TwitchConnection } from "lib/media/platforms/twitch/graphql.ts";
import { createStreamlinkAccess, createYtDlpAccess } from "lib/media/platforms/twitch/program_access.ts";
import { createTwitchAccess } from "lib/media/platforms/twitch/twitch_access.ts";

/** Everything that is needed to speak to Twitch. */
export interface TwitchSetup extends TwitchConnection {
  readonly access: VodAccess & LiveAccess;
  readonly clock: typeof systemClock;
  readonly random: Random;
}

/** Connects to Twitch, or to whatever the environment names in its place. */
export function connectToTwitch(
  { token, access, log, retry = {} }: ReachOptions & {
    /** For whoever tries again by rules of its own. */
    readonly retry?: Partial<RetryPolicy>;
  },
): TwitchSetup {
  // Waits before another try differ from run to run, so that programs that failed together do not ask again together.
  const random = createRandom(crypto.randomUUID());
  const http = createHttpClient({
    fetch,
    service: "Twitch",
    clock: systemClock,
    random,
    retry,
    onRetry: (text) => log.info(text),
  });
  const connection = { http, endpoints: readEndpoints((name) => Deno.env.get(name)), token };
  return { ...connection, access: chooseAccess(access, connection), clock: systemClock, random };
}

function chooseAccess(
  name: ReachOptions["access"],
  connection: TwitchConnection,
): VodAccess & LiveAccess {
  if (name === "built-in") return createTwitchAccess(connection);
  const { token } = connection;
  return name === "streamlink"
    ? createStreamlinkAccess({ path: Deno.env.get("STREAMLINK_PATH") ?? "streamlink", token })
    : createYtDlpAccess({ path: Deno.env.get("YT_DLP_PATH") ?? "yt-dlp", token });
}
