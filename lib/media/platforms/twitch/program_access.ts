import { join } from "node:path";
import { z } from "zod";
import { ProgramError, runToEnd } from "lib/base/system/run_program.ts";
import type { Rendition } from "lib/media/hls/master_playlist.ts";
import {
  type LiveAccess,
  type OpenOptions,
  type PlaybackSource,
  toPlaybackSource,
  type VodAccess,
} from "lib/media/hls/playback_source.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { vodUrl } from "lib/media/platforms/twitch/vod_id.ts";

/** What an installed downloader needs. */
interface ProgramAccessOptions {
  /** Path of the program. */
  readonly path: string;
  /** `auth-token` cookie; handed over in a private file, since arguments can be seen by every user of a machine. */
  readonly token?: string | undefined;
  /** Default 60,000. */
  readonly timeoutMs?: number;
}

const StreamlinkAnswer = z.object({
  streams: z.record(z.string(), z.object({ type: z.string(), url: z.string().optional() })).optional(),
  error: z.string().optional(),
});

const YtDlpAnswer = z.object({
  formats: z.array(z.object({
    format_id: z.string(),
    url: z.string(),
    protocol: z.string().optional(),
    tbr: z.number().nullish(),
    height: z.number().nullish(),
    vcodec: z.string().nullish(),
    acodec: z.string().nullish(),
    http_headers: z.record(z.string(), z.string()).optional(),
  })),
});

/** The way through an installed streamlink. */
export function createStreamlinkAccess(options: ProgramAccessOptions): VodAccess & LiveAccess {
  const open = async (
    url: string,
    what: string,
    { quality, signal }: OpenOptions,
  ): Promise<PlaybackSource> => {
    const text = await askProgram(options, {
      what,
      signal,
      secretFile: options.token ? `twitch-api-header=Authorization=OAuth ${options.token}\n` : "",
      args: (file) => [...(file ? ["--config", file] : []), "--json", url],
    });
    const answer = parseAnswer(text, StreamlinkAnswer, what);
    if (answer.error || !answer.streams) throw programRefusal(answer.error ?? "it names no streams", what);
    const renditions = Object.entries(answer.streams)
      // "best" and "worst" are second names for others.
      .filter(([name, stream]) => stream.url && stream.type === "hls" && !/^(?:best|worst)/.test(name))
      .map(([name, stream]): Rendition => {
        const height = Number(/^(\d+)p/.exec(name)?.[1]);
        const picture = !/^audio/.test(name);
        return {
          id: picture ? name : "audio_only",
          name,
          url: stream.url!,
          bandwidth: 0,
          ...(Number.isNaN(height) ? {} : { height }),
          hasSound: true,
          hasPicture: picture,
        };
      });
    return toSource(renditions, quality, {});
  };
  return {
    name: "streamlink",
    openVod: (vodId, settings = {}) => open(vodUrl(vodId), `VOD ${vodId}`, settings),
    openLive: (channel, settings = {}) =>
      open(`https://www.twitch.tv/${channel}`, `channel ${channel}`, settings),
  };
}

/** The way through an installed yt-dlp. */
export function createYtDlpAccess(options: ProgramAccessOptions): VodAccess & LiveAccess {
  const open = async (
    url: string,
    what: string,
    { quality, signal }: OpenOptions,
  ): Promise<PlaybackSource> => {
    const cookie = ".twitch.tv\tTRUE\t/\tTRUE\t0\tauth-token\t";
    const text = await askProgram(options, {
      what,
      signal,
      secretFile: options.token ? `# Netscape HTTP Cookie File\n${cookie}${options.token}\n` : "",
      args: (
        file,
      ) => [...(file ? ["--cookies", file] : []), "--no-playlist", "--no-warnings", "-J", "--", url],
    });
    const { formats } = parseAnswer(text, YtDlpAnswer, what);
    const playlists = formats.filter((format) => format.protocol?.startsWith("m3u8") ?? true);
    const renditions = playlists.map((format): Rendition => ({
      id: /audio.?only/i.test(format.format_id) ? "audio_only" : format.format_id.toLowerCase(),
      name: format.format_id,
      url: format.url,
      bandwidth: (format.tbr ?? 0) * 1000,
      ...(format.height ? { height: format.height } : {}),
      hasSound: format.acodec !== "none",
      hasPicture: format.vcodec !== "none",
    }));
    return toSource(renditions, quality, playlists[0]?.http_headers ?? {});
  };
  return {
    name: "yt-dlp",
    openVod: (vodId, settings = {}) => open(vodUrl(vodId), `VOD ${vodId}`, settings),
    openLive: (channel, settings = {}) =>
      open(`https://www.twitch.tv/${channel}`, `channel ${channel}`, settings),
  };
}

async function askProgram(
  { path, timeoutMs = 60_000 }: ProgramAccessOptions,
  { what, signal, secretFile, args }: {
    what: string;
    signal: AbortSignal | undefined;
    secretFile: string;
    args: (file: string | undefined) => string[];
  },
): Promise<string> {
  const folder = secretFile === "" ? undefined : await Deno.makeTempDir();
  try {
    const file = folder && join(folder, "access");
    if (file) await Deno.writeTextFile(file, secretFile, { mode: 0o600, createNew: true });
    const { stdout } = await runToEnd(path, args(file), { timeoutMs, ...({ signal }) });
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    // The message of the error quotes what the program printed, which may hold signed addresses.
    throw programRefusal(error.stderrTail, what);
  } finally {
    if (folder) await Deno.remove(folder, { recursive: true });
  }
}

function parseAnswer<Schema extends z.ZodType>(text: string, schema: Schema, what: string): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new RequestError("unexpected-answer", `Cannot read what the downloader says of ${what}`, { cause });
  }
}

function toSource(
  renditions: readonly Rendition[],
  quality: string | undefined,
  headers: Readonly<Record<string, string>>,
): PlaybackSource {
  return { ...toPlaybackSource(renditions, quality), headers };
}

/** Says in our words what the program's text is about. */
function programRefusal(text: string, what: string): RequestError {
  if (/subscriber|entitlement|restricted/i.test(text)) {
    return new RequestError(
      "subscriber-only",
      `${what} is for subscribers only; set TWITCH_TOKEN to a subscriber's`,
    );
  }
  if (/\b401\b|unauthori[sz]ed|invalid.{0,20}token/i.test(text)) {
    return new RequestError("expired-token", "Twitch refuses TWITCH_TOKEN: it has expired or is wrong");
  }
  if (/offline|not live|not currently live|no playable streams/i.test(text) && what.startsWith("channel")) {
    return new RequestError("offline", `${what} is not live`);
  }
  if (/does not exist|not found|no playable streams|\b404\b|unavailable/i.test(text)) {
    return new RequestError(
      "deleted",
      `${what} is not there: it was deleted, has passed its time, or is private`,
    );
  }
  const line = text.trim().split("\n").at(-1)?.replace(/https?:\/\/\S+/g, "…").slice(0, 200);
  return new RequestError(
    "unexpected-answer",
    `The downloader could not open ${what}: ${line || "it said nothing"}`,
  );
}
