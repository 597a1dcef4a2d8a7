import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { checkMedia } from "lib/media/hls/media_check.ts";
import { inspectTransportStream } from "lib/media/hls/transport_stream.ts";
import { makeFakeMedia } from "tests/fakes/vod_media.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = !(await hasProgram("ffmpeg"));

Deno.test({
  name: "inspectTransportStream() finds ffmpeg's segments sound, and reads their length from the timestamps",
  ignore,
  fn: async () => {
    for (const { segments, extension } of (await makeFakeMedia()).renditions) {
      if (extension !== "ts") continue;
      for (const { bytes, duration } of segments) {
        const facts = inspectTransportStream(bytes);
        assert.deepEqual([facts.damages, facts.hasSound, facts.packets], [[], true, bytes.length / 188]);
        // The last packetised element of sound holds up to some tenths of a second that its timestamp does not show.
        assert(Math.abs((facts.soundSpan ?? 0) - duration) < 0.6, `${facts.soundSpan} ${duration}`);
        assert.equal(checkMedia(bytes, { duration }).state, "sound");
      }
    }
  },
});

Deno.test({
  name: "checkMedia() finds lost, added and cut bytes in transport streams",
  ignore,
  fn: async () => {
    const { bytes, duration } = (await makeFakeMedia()).renditions[0]!.segments[3]!;
    const check = (changed: Uint8Array) => checkMedia(changed, { duration });
    const without = (from: number, to: number) =>
      Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(to)]);
    for (
      const [changed, reason] of [
        [bytes.subarray(0, bytes.length - 1), /ends inside a packet/],
        [without(188 * 20, 188 * 25), /packets are missing/],
        [without(188 * 20 + 5, 188 * 21 + 5 + 1), /missing or too many/],
        [bytes.subarray(0, 188 * Math.floor(bytes.length / 188 / 2)), /s of sound, not/],
        // Some muxers repeat the tables within a segment, others do not.
        [bytes.subarray(188 * Math.floor(bytes.length / 188 / 2)), /no table|s of sound/],
      ] as const
    ) {
      const verdict = check(changed);
      assert.equal(verdict.state, "suspect", String(reason));
      assert.match(verdict.reason, reason);
    }
    assert.equal(check(new Uint8Array(0)).state, "unusable");
    assert.equal(check(new TextEncoder().encode("<html>please log in</html>")).state, "unusable");
  },
});

Deno.test({
  name: "checkMedia() finds fragmented MP4 that is cut or empty",
  ignore,
  fn: async () => {
    const { header, segments } = (await makeFakeMedia()).renditions.find((rendition) => rendition.header)!;
    const bytes = segments[0]!.bytes;
    assert.equal(checkMedia(header!).state, "sound");
    assert.deepEqual(checkMedia(bytes), {
      kind: "mp4",
      state: "sound",
      reason: "",
      differs: false,
    });
    assert.equal(checkMedia(bytes.subarray(0, bytes.length - 1)).state, "suspect");
    const start = bytes.findIndex((_, i) => String.fromCharCode(...bytes.subarray(i + 4, i + 8)) === "mdat");
    assert.match(checkMedia(bytes.subarray(0, start)).reason, /announces media and has none/);
  },
});

Deno.test({
  name: "checkMedia() trusts a tag that is an MD5, and no other",
  ignore,
  fn: async () => {
    const { bytes } = (await makeFakeMedia()).renditions[1]!.segments[0]!;
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    const changed = bytes.slice();
    changed[1000] = changed[1000]! ^ 0x10;
    assert.equal(checkMedia(bytes, { etag }).state, "sound");
    assert.match(checkMedia(changed, { etag }).reason, /checksum|missing/);
    assert.equal(checkMedia(bytes, { etag: '"abc-2"' }).state, "sound");
    assert.equal(checkMedia(bytes, { etag: 'W/"x"' }).state, "sound");
  },
});
