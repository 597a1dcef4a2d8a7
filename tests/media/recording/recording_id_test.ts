import assert from "node:assert/strict";
import { join } from "node:path";
import { fileRecordingId, vodRecordingId } from "lib/media/recording/recording_id.ts";

Deno.test("fileRecordingId() is the same for a copy, and another where one byte, or the length, differs", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const idOf = async (name: string, bytes: Uint8Array) => {
      await Deno.writeFile(join(folder, name), bytes);
      return await fileRecordingId(join(folder, name));
    };
    const bytes = new Uint8Array(3000).map((_, i) => i);
    const id = await idOf("a.wav", bytes);
    assert.match(id, /^[a-z0-9-]+$/);
    assert.equal(await idOf("b.mkv", bytes), id);
    assert.notEqual(await idOf("a.wav", bytes.with(1500, 7)), id);
    assert.notEqual(await idOf("a.wav", bytes.subarray(1)), id);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("vodRecordingId() tells one number of two platforms apart", () => {
  assert.equal(vodRecordingId("twitch", "1746376348"), "twitch-1746376348");
  assert.notEqual(vodRecordingId("twitch", "1"), vodRecordingId("other", "1"));
});
