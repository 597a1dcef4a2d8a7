/** Where Twitch is spoken to; each can be set by environment, so that a server of one's own can stand in. */
export interface TwitchEndpoints {
  /** GraphQL address, used for playback tokens, VOD facts and VOD chat (`TWITCH_GQL_URL`). */
  readonly gql: string;
  /** Base of the playlist service (`TWITCH_USHER_URL`). */
  readonly usher: string;
  /** Base of the official API (`TWITCH_HELIX_URL`). */
  readonly helix: string;
  /** Base of the login service (`TWITCH_ID_URL`). */
  readonly id: string;
  /** Chat server, spoken to as IRC over a web socket (`TWITCH_IRC_URL`). */
  readonly irc: string;
}

/** Twitch itself. */
export const TWITCH_ENDPOINTS = Object.freeze(
  {
    gql: "https://gql.twitch.tv/gql",
    usher: "https://usher.ttvnw.net",
    helix: "https://api.twitch.tv/helix",
    id: "https://id.twitch.tv/oauth2",
    irc: "wss://irc-ws.chat.twitch.tv",
  },
) satisfies TwitchEndpoints;

const VARIABLES = {
  gql: "TWITCH_GQL_URL",
  usher: "TWITCH_USHER_URL",
  helix: "TWITCH_HELIX_URL",
  id: "TWITCH_ID_URL",
  irc: "TWITCH_IRC_URL",
} as const satisfies Record<keyof TwitchEndpoints, string>;

/** Names of the environment variables that {@link readEndpoints} reads. */
export const ENDPOINT_VARIABLES: readonly string[] = Object.values(VARIABLES);

/**
 * Endpoints from the environment, without slashes at their ends; Twitch's own where a variable is not set.
 *
 * @param env Reads one environment variable, such as `(name) => Deno.env.get(name)`.
 * @throws {TypeError} if a variable holds no http address, or, for chat, no web socket address.
 */
export function readEndpoints(env: (name: string) => string | undefined): TwitchEndpoints {
  const read = (key: keyof TwitchEndpoints) => {
    const text = env(VARIABLES[key])?.trim();
    if (!text) return TWITCH_ENDPOINTS[key];
    const scheme = key === "irc" ? "ws" : "http";
    if (!URL.canParse(text) || ![`${scheme}:`, `${scheme}s:`].includes(new URL(text).protocol)) {
      throw new TypeError(
        `${VARIABLES[key]} must be an address that begins with ${scheme}:// or ${scheme}s://`,
      );
    }
    return text.replace(/\/+$/, "");
  };
  const [gql, usher, helix] = [read("gql"), read("usher"), read("helix")];
  return { gql, usher, helix, id: read("id"), irc: read("irc") };
}
