import { createHash } from "node:crypto";
import { readEndpoints, type TwitchEndpoints } from "lib/media/platforms/twitch/endpoints.ts";
import { applyFault, type FaultPlan, type RequestKind } from "tests/fakes/faults.ts";
import type { FakeMedia, FakeRendition } from "tests/fakes/vod_media.ts";

/** A chat message beside a fake VOD. */
export interface FakeChatMessage {
  readonly time: number;
  readonly userName: string;
  readonly message: string;
  /** Whether the sender has Twitch's badge of bots. */
  readonly isBot?: boolean;
}

/** A recording on the fake server; it may be changed while the server runs. */
export interface FakeVod {
  title: string;
  channel: string;
  media: FakeMedia;
  state: "public" | "deleted" | "private" | "subscriber-only" | "geoblocked";
  chat: readonly FakeChatMessage[];
  /** Sequence numbers of muted segments. */
  muted: ReadonlySet<number>;
  /** Sequence numbers before which a discontinuity is announced. */
  discontinuities: ReadonlySet<number>;
  /** Number of segments in the playlist; all by default, fewer for a stream that still runs. */
  available: number;
  /** As an ISO 8601 text. */
  createdAt: string;
}

/** A server that plays Twitch. */
export interface FakeTwitch extends AsyncDisposable {
  readonly endpoints: TwitchEndpoints;
  readonly vods: Map<string, FakeVod>;
  /** Each request that was made, such as `segment /media/1/audio_only/3.ts`. */
  readonly requests: string[];
  /** Sum of the bytes of segments that were sent. */
  segmentBytes: number;
  faults: FaultPlan;
  /** The only token that is accepted. */
  token: string;
  /** Changing it makes addresses that were given out before worthless. */
  signature: string;
}

const CHAT_PAGE = 20;

/** A VOD with sensible facts. */
export function fakeVod(media: FakeMedia, changes: Partial<FakeVod> = {}): FakeVod {
  return {
    title: "A stream",
    channel: "somebody",
    media,
    state: "public",
    chat: [],
    muted: new Set(),
    discontinuities: new Set(),
    available: Infinity,
    createdAt: "2026-01-01T00:00:00Z",
    ...changes,
  };
}

/** Starts the server on a free port of this machine. */
export function startFakeTwitch(vods: Readonly<Record<string, FakeVod>> = {}): FakeTwitch {
  const twitch = {
    vods: new Map(Object.entries(vods)),
    requests: [] as string[],
    segmentBytes: 0,
    faults: (() => undefined) as FaultPlan,
    token: "good-auth-token",
    signature: "signed-1",
  };
  const stop = new AbortController();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      signal: stop.signal,
      onListen: () => {},
      onError: () => new Response(null),
    },
    async (request) => {
      const url = new URL(request.url);
      const asked = request.method === "POST" ? await request.text() : "";
      const kind = kindOf(url.pathname, asked);
      twitch.requests.push(`${kind} ${url.pathname}`);
      const answer = answerFor(twitch, kind, url, request, asked);
      const fault = twitch.faults(kind, url.pathname);
      const bytes = typeof answer.body === "string" ? new TextEncoder().encode(answer.body) : answer.body;
      const headers = new Headers(answer.headers);
      if (kind === "segment" && answer.status === 200) {
        twitch.segmentBytes += bytes.length;
        headers.set("etag", `"${createHash("md5").update(bytes).digest("hex")}"`);
      }
      if (fault && answer.status === 200) return applyFault(fault, bytes, headers);
      return new Response(bytes, { status: answer.status, headers });
    },
  );
  const base = `http://127.0.0.1:${server.addr.port}`;
  const env: Record<string, string> = {
    TWITCH_GQL_URL: `${base}/gql`,
    TWITCH_USHER_URL: base,
    TWITCH_HELIX_URL: `${base}/helix`,
    TWITCH_ID_URL: `${base}/oauth2`,
  };
  return Object.assign(twitch, {
    endpoints: readEndpoints((name) => env[name]),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  });
}

interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string> | undefined;
}

type State = Pick<FakeTwitch, "vods" | "token" | "signature">;

function kindOf(path: string, asked: string): RequestKind {
  if (path === "/gql") return asked.includes("comments(") ? "chat" : "gql";
  if (path.startsWith("/media/")) return path.endsWith(".m3u8") ? "playlist" : "segment";
  return "usher";
}

function answerFor(twitch: State, kind: RequestKind, url: URL, request: Request, asked: string): Answer {
  if (kind === "gql" || kind === "chat") return answerGraphql(twitch, request, asked);
  if (kind === "usher") return answerUsher(twitch, url);
  const [, , id, renditionId, file] = url.pathname.split("/");
  const vod = twitch.vods.get(id ?? "");
  const rendition = vod?.media.renditions.find((candidate) => candidate.id === renditionId);
  if (!vod || !rendition || !file) return { status: 404, body: "" };
  if (url.searchParams.get("sign") !== twitch.signature) return { status: 403, body: "" };
  if (kind === "playlist") {
    return { status: 200, body: mediaPlaylist(vod, rendition, twitch.signature) };
  }
  if (file === "init.mp4" && rendition.header) return { status: 200, body: rendition.header };
  const [, number, muted] = /^(\d+)(-muted)?\.\w+$/.exec(file) ?? [];
  const segment = rendition.segments[Number(number)];
  if (!segment || vod.muted.has(Number(number)) !== (muted !== undefined)) return { status: 404, body: "" };
  return { status: 200, body: segment.bytes, headers: { "content-type": "video/mp2t" } };
}

function answerGraphql(twitch: State, request: Request, asked: string): Answer {
  const authorization = request.headers.get("authorization");
  if (!request.headers.get("client-id")) return { status: 400, body: '{"message":"no client"}' };
  if (authorization !== null && authorization !== `OAuth ${twitch.token}`) {
    const message = 'The "Authorization" token is invalid.';
    return { status: 401, body: JSON.stringify({ error: "Unauthorized", status: 401, message }) };
  }
  const { query, variables } = JSON.parse(asked) as { query: string; variables: Record<string, unknown> };
  const id = String(variables["videoID"] ?? variables["vodID"] ?? "");
  const vod = twitch.vods.get(id);
  const known = vod && vod.state !== "deleted" ? vod : undefined;
  const data = query.includes("videos(")
    ? channelPage(twitch, variables)
    : graphqlData(query, variables, id, known, authorization);
  return { status: 200, body: JSON.stringify({ data }) };
}

const VIDEO_PAGE = 2;

/** VODs of a channel, newest first, a page at a time. */
function channelPage({ vods }: State, { login, cursor }: Record<string, unknown>): unknown {
  const all = [...vods].filter(([, vod]) => vod.channel === login)
    .toSorted(([, a], [, b]) => b.createdAt.localeCompare(a.createdAt));
  if (all.length === 0) return { user: null };
  const first = typeof cursor === "string" ? Number(cursor.slice(1)) + 1 : 0;
  const edges = all.slice(first, first + VIDEO_PAGE).map(([id, { title, createdAt }], i) => ({
    cursor: `c${first + i}`,
    node: { id, title, lengthSeconds: 60, createdAt },
  }));
  return { user: { videos: { edges, pageInfo: { hasNextPage: first + VIDEO_PAGE < all.length } } } };
}

function graphqlData(
  query: string,
  variables: Record<string, unknown>,
  id: string,
  vod: FakeVod | undefined,
  authorization: string | null,
): unknown {
  if (query.includes("comments(")) return { video: vod ? { comments: chatPage(vod, variables) } : null };
  if (query.includes("lengthSeconds")) {
    const seconds = vod?.media.renditions[0]?.segments.reduce((sum, segment) => sum + segment.duration, 0) ??
      0;
    const video = vod &&
      { id, title: vod.title, lengthSeconds: Math.floor(seconds), owner: { login: vod.channel } };
    return { video: video ?? null };
  }
  const token = (value: unknown) => ({ value: JSON.stringify(value), signature: "secret-signature" });
  if (variables["isLive"]) {
    const channel = String(variables["login"]);
    return { streamPlaybackAccessToken: channel === "nobody" ? null : token({ channel, authorization }) };
  }
  return {
    videoPlaybackAccessToken: vod ? token({ vod_id: id, secret: "secret-value", who: authorization }) : null,
  };
}

function chatPage(vod: FakeVod, variables: Record<string, unknown>): unknown {
  // As Twitch does, a page begins a little before the second that was asked for.
  const offset = Number(variables["contentOffsetSeconds"] ?? 0);
  const ids = vod.chat.map((message, i) => ({ ...message, id: `m${i}` }));
  const first = ids.findIndex((message) => message.time >= offset - 2);
  // A single second with more than a page of messages shows only the first of them.
  const page = first < 0 ? [] : ids.slice(first, first + CHAT_PAGE);
  return {
    edges: page.map(({ id, time, userName, message, isBot }) => ({
      node: {
        id,
        contentOffsetSeconds: time,
        commenter: { login: userName, displayName: userName },
        message: {
          fragments: [{ text: message }],
          userBadges: isBot ? [{ setID: "bot-badge" }] : [{ setID: "subscriber" }],
        },
      },
    })),
    pageInfo: { hasNextPage: first >= 0 && first + CHAT_PAGE < ids.length },
  };
}

function answerUsher(twitch: State, url: URL): Answer {
  const fail = (status: number, code: string, error: string): Answer => ({
    status,
    body: JSON.stringify([{ url: url.pathname, error, error_code: code, type: "error" }]),
  });
  const live = /^\/api\/channel\/hls\/(\w+)\.m3u8$/.exec(url.pathname)?.[1];
  const id = /^\/vod\/(\d+)(?:\.m3u8)?$/.exec(url.pathname)?.[1] ??
    (live && [...twitch.vods].find(([, vod]) => vod.channel === live && vod.available < Infinity)?.[0]);
  if (live && !id) return fail(404, "transcode_does_not_exist", "Can not find channel");
  const vod = twitch.vods.get(id ?? "");
  const sign = url.searchParams.get(live ? "sig" : "nauthsig");
  if (sign !== "secret-signature") return fail(403, "nauth_token_expired", "Token expired");
  if (!vod || vod.state === "deleted") return fail(404, "vod_not_found", "Video does not exist");
  const who = JSON.parse(url.searchParams.get("nauth") ?? "{}").who as string | null;
  if (vod.state === "geoblocked") return fail(403, "content_geoblocked", "Content is not available here");
  if (vod.state === "subscriber-only" && !who) {
    return fail(403, "vod_manifest_restricted", "Manifest is restricted");
  }
  if (vod.state === "private" && !who) return fail(403, "forbidden", "no");
  return { status: 200, body: masterPlaylist(`${url.origin}/media/${id}`, vod, twitch.signature) };
}

function masterPlaylist(base: string, vod: FakeVod, signature: string): string {
  const lines = ["#EXTM3U", '#EXT-X-TWITCH-INFO:ORIGIN="s3",B="false"'];
  for (const { id, name, attributes } of vod.media.renditions) {
    lines.push(`#EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID="${id}",NAME="${name}",AUTOSELECT=YES,DEFAULT=YES`);
    lines.push(`#EXT-X-STREAM-INF:${attributes},VIDEO="${id}"`);
    lines.push(`${base}/${id}/index-dvr.m3u8?sign=${signature}`);
  }
  return `${lines.join("\n")}\n`;
}

function mediaPlaylist(vod: FakeVod, rendition: FakeRendition, signature: string): string {
  const lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-TARGETDURATION:5", "#EXT-X-PLAYLIST-TYPE:EVENT"];
  lines.push("#EXT-X-MEDIA-SEQUENCE:0");
  if (rendition.header) lines.push(`#EXT-X-MAP:URI="init.mp4?sign=${signature}"`);
  rendition.segments.slice(0, vod.available).forEach(({ duration }, i) => {
    if (vod.discontinuities.has(i)) lines.push("#EXT-X-DISCONTINUITY");
    // Twitch goes on calling them unmuted and keeps only the muted ones.
    lines.push(
      `#EXTINF:${duration.toFixed(3)},`,
      `${i}${vod.muted.has(i) ? "-unmuted" : ""}.${rendition.extension}?sign=${signature}`,
    );
  });
  if (rendition.segments.length <= vod.available) lines.push("#EXT-X-ENDLIST");
  return `${lines.join("\n")}\n`;
}
