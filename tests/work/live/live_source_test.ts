import assert from "node:assert/strict";
import { parseLiveSource } from "lib/work/live/live_source.ts";

Deno.test("parseLiveSource() tells channels, playlists, files and microphones apart", () => {
  const channelOf = (text: string) => {
    const source = parseLiveSource(text);
    return source.kind === "channel" ? source.channel.name : source.kind;
  };
  assert.equal(channelOf("Some_Body"), "some_body");
  for (const text of ["https://www.twitch.tv/somebody", "twitch.tv/Somebody/", "#somebody", "@SomeBody"]) {
    assert.equal(channelOf(text), "somebody", text);
  }
  assert.deepEqual(parseLiveSource("https://host/a/live.m3u8?x=1"), {
    kind: "playlist",
    url: "https://host/a/live.m3u8?x=1",
  });
  assert.deepEqual(parseLiveSource("data/vods/a.mp4"), { kind: "file", path: "data/vods/a.mp4" });
  assert.deepEqual(parseLiveSource("mic"), { kind: "microphone" });
  assert.deepEqual(parseLiveSource("mic:hw:0"), { kind: "microphone", device: "hw:0" });
  assert.throws(() => parseLiveSource("two words"), {
    name: "SyntaxError",
    message: /"two words" is no source/,
  });
});
