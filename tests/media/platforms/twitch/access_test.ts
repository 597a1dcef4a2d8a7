import assert from "node:assert/strict";
import { parseMediaPlaylist } from "lib/media/hls/media_playlist.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import { TWITCH_ENDPOINTS } from "lib/media/platforms/twitch/endpoints.ts";
import { fetchVideoInfo } from "lib/media/platforms/twitch/video_info.ts";
import { fetchVodChat } from "lib/media/platforms/twitch/vod_chat.ts";
import { connect } from "tests/fakes/twitch_connection.ts";
import { fakeVod, startFakeTwitch } from "tests/fakes/twitch_server.ts";
import type { FakeMedia } from "tests/fakes/vod_media.ts";

const SEGMENTS = [{ bytes: new Uint8Array(188), duration: 4 }, { bytes: new Uint8Array(188), duration: 2.5 }];
const rendition = (id: string, attributes: string) => ({
  id,
  name: id,
  attributes,
  extension: "ts",
  segments: SEGMENTS,
});
const MEDIA: FakeMedia = {
  renditions: [
    rendition("160p30", 'BANDWIDTH=230000,CODECS="avc1.4D000C,mp4a.40.2",RESOLUTION=284x160'),
    rendition("audio_only", 'BANDWIDTH=60000,CODECS="mp4a.40.2"'),
  ],
};

async function problemOf(run: Promise<unknown>): Promise<{ problem: string; message: string }> {
  try {
    await run;
  } catch (error) {
    assert(error instanceof RequestError, `${error}`);
    assert.doesNotMatch(Deno.inspect(error), /secret-|bad-auth-token|good-auth-token/);
    return error;
  }
  assert.fail("no error");
}

Deno.test("the built-in access goes from an id to the playlist of the wanted rendition", async () => {
  await using twitch = startFakeTwitch({ "1": fakeVod(MEDIA) });
  const { access, http } = connect(twitch);
  const source = await access.openVod("1");
  assert.deepEqual(source.rendition, { id: "audio_only", name: "audio_only" });
  const answer = await http.request({ url: source.playlistUrl, what: "it" });
  const playlist = parseMediaPlaylist(new TextDecoder().decode(answer.body), source.playlistUrl);
  assert.deepEqual([playlist.duration, playlist.segments.length, playlist.ended], [6.5, 2, true]);
  assert.equal((await access.openVod("1", { quality: "160p" })).rendition.id, "160p30");
  await assert.rejects(access.openVod("1", { quality: "nonsense" }), RangeError);
});

Deno.test("the built-in access says why a VOD cannot be played", async () => {
  await using twitch = startFakeTwitch({
    "1": fakeVod(MEDIA, { state: "subscriber-only" }),
    "2": fakeVod(MEDIA, { state: "private" }),
    "3": fakeVod(MEDIA, { state: "geoblocked" }),
    "4": fakeVod(MEDIA, { state: "deleted" }),
  });
  const { access } = connect(twitch);
  for (
    const [id, problem, message] of [
      ["1", "subscriber-only", /VOD 1 is for subscribers only\. Copy the auth-token cookie/],
      ["2", "private", /VOD 2 is private/],
      ["3", "region", /region/],
      ["4", "deleted", /VOD 4 is not there: it was deleted/],
      ["5", "deleted", /VOD 5 is not there/],
    ] as const
  ) {
    const error = await problemOf(access.openVod(id));
    assert.equal(error.problem, problem);
    assert.match(error.message, message);
  }
  const wrong = await problemOf(connect(twitch, { token: "bad-auth-token" }).access.openVod("1"));
  assert.equal(wrong.problem, "expired-token");
  assert.match(wrong.message, /TWITCH_TOKEN again/);
  const right = connect(twitch, { token: "good-auth-token" }).access;
  assert.equal((await right.openVod("1")).rendition.id, "audio_only");
  assert.equal((await right.openVod("2")).rendition.id, "audio_only");
});

Deno.test("the built-in access gets through a server that fails now and then", async () => {
  await using twitch = startFakeTwitch({ "1": fakeVod(MEDIA) });
  let count = 0;
  twitch.faults = () =>
    [{ kind: "status", status: 503 }, { kind: "drop" }, undefined][count++ % 3] as { kind: "drop" };
  const { access } = connect(twitch);
  assert.equal((await access.openVod("1")).rendition.id, "audio_only");
  assert.equal(count, 6);
});

Deno.test("the built-in access names a Twitch that speaks differently", async () => {
  const odd = () => Promise.resolve(new Response('{"data":{"videoPlaybackAccessToken":{"jwt":"x"}}}'));
  const { access } = connect({ endpoints: TWITCH_ENDPOINTS }, { fetch: odd });
  const error = await problemOf(access.openVod("1"));
  assert.equal(error.problem, "unexpected-answer");
  assert.match(error.message, /the address of VOD 1.*another shape/);
});

Deno.test("openLive() opens a running stream and says when there is none", async () => {
  await using twitch = startFakeTwitch({ "1": fakeVod(MEDIA, { channel: "runner", available: 1 }) });
  const { access } = connect(twitch);
  assert.equal((await access.openLive("runner", { quality: "160p" })).rendition.id, "160p30");
  assert.equal((await problemOf(access.openLive("sleeper"))).problem, "offline");
  assert.equal((await problemOf(access.openLive("nobody"))).problem, "missing");
});

Deno.test("fetchVideoInfo() gives the facts of a VOD", async () => {
  await using twitch = startFakeTwitch({ "1": fakeVod(MEDIA, { title: "Burps" }) });
  const connection = connect(twitch);
  assert.deepEqual(await fetchVideoInfo(connection, "1"), {
    vodId: "1",
    title: "Burps",
    duration: 6,
    channel: "somebody",
  });
  assert.equal((await problemOf(fetchVideoInfo(connection, "9"))).problem, "deleted");
});

Deno.test("fetchVodChat() gives each message once, in order, through crowded seconds and faults", async () => {
  const chat = Array.from({ length: 300 }, (_, i) => ({
    time: i < 100 ? i * 3 : i < 115 ? 300 : 300 + (i - 114) * 2,
    userName: `user${i % 7}`,
    message: `message ${i}`,
  }));
  await using twitch = startFakeTwitch({ "1": fakeVod(MEDIA, { chat }) });
  let count = 0;
  twitch.faults = (kind) =>
    kind === "chat" && count++ % 4 === 1 ? { kind: "status", status: 500 } : undefined;
  const connection = connect(twitch);
  const read = await Array.fromAsync(fetchVodChat(connection, "1"));
  assert.deepEqual(read, chat);
  assert((await Array.fromAsync(fetchVodChat(connection, "1", { from: 400 }))).every((m) => m.time >= 398));
  assert.equal((await problemOf(Array.fromAsync(fetchVodChat(connection, "9")))).problem, "deleted");
});

Deno.test("fetchVodChat() ends also where a second holds more than a page", async () => {
  const chat = Array.from(
    { length: 60 },
    (_, i) => ({ time: i < 50 ? 10 : 20, userName: "u", message: `${i}` }),
  );
  await using twitch = startFakeTwitch({ "1": fakeVod(MEDIA, { chat }) });
  const read = await Array.fromAsync(fetchVodChat(connect(twitch), "1"));
  assert.equal(new Set(read.map((m) => m.message)).size, read.length);
  assert(read.some((m) => m.time === 20));
});
