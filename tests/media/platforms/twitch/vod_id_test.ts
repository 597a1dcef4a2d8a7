import assert from "node:assert/strict";
import { parseChannel, parseVodId, vodDeepLink } from "lib/media/platforms/twitch/vod_id.ts";

Deno.test("parseVodId() takes what people paste", () => {
  for (
    const text of [
      "1746376348",
      "v1746376348",
      " https://www.twitch.tv/videos/1746376348 ",
      "https://www.twitch.tv/videos/1746376348?t=1h2m3s",
      "http://m.twitch.tv/videos/1746376348/",
      "twitch.tv/videos/v1746376348",
      "https://www.twitch.tv/somebody/v/1746376348",
      "https://www.twitch.tv/somebody/video/1746376348",
      "https://player.twitch.tv/?video=v1746376348&parent=example.org",
    ]
  ) assert.equal(parseVodId(text), "1746376348", text);
});

Deno.test("parseVodId() takes nothing else", () => {
  for (
    const text of [
      "",
      "stream.mp4",
      "12a",
      "https://www.twitch.tv/somebody",
      "https://evil.example/videos/123",
      "https://twitch.tv.evil.example/videos/123",
      "https://clips.twitch.tv/SomeClip",
      "ftp://www.twitch.tv/videos/123",
      "https://www.twitch.tv/videos/123/../456x",
      "data/vods/123.mp4",
    ]
  ) assert.equal(parseVodId(text), undefined, text);
});

Deno.test("vodDeepLink() opens a VOD at whole seconds", () => {
  assert.equal(vodDeepLink("12", 3723.9), "https://www.twitch.tv/videos/12?t=1h2m3s");
  assert.equal(vodDeepLink("12", -1), "https://www.twitch.tv/videos/12?t=0h0m0s");
});

Deno.test("parseChannel() takes names and addresses", () => {
  for (
    const text of [
      "Some_Body",
      "@some_body",
      "#some_body",
      "https://www.twitch.tv/Some_Body?x=1",
      "twitch.tv/some_body/",
    ]
  ) {
    assert.equal(parseChannel(text), "some_body", text);
  }
  for (const text of ["", "a b", "https://example.org/somebody", "some/body", "ümlaut"]) {
    assert.equal(parseChannel(text), undefined, text);
  }
});
