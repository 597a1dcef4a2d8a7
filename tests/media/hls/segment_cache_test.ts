import assert from "node:assert/strict";
import { join } from "node:path";
import { openSegmentCache } from "lib/media/hls/segment_cache.ts";

const KEYS = [
  "0.ts",
  "12-muted.ts",
  "a/b.ts",
  "a_b.ts",
  "../x.ts",
  "x",
  "ü.mp4",
  `${"long".repeat(60)}.ts`,
  "0-100-20.ts",
];

Deno.test("a segment cache gives back what was kept, also after opening it again", async () => {
  const folder = join(await Deno.makeTempDir(), "new", "cache");
  const bytesOf = (i: number) => new Uint8Array([1, 2, 3, i]);
  const cache = await openSegmentCache(folder);
  assert.equal(await cache.get("0.ts"), undefined);
  for (const [i, key] of KEYS.entries()) await cache.put(key, bytesOf(i));
  for (const opened of [cache, await openSegmentCache(folder)]) {
    for (const [i, key] of KEYS.entries()) assert.deepEqual(await opened.get(key), bytesOf(i), key);
    assert.equal(await opened.get("1.ts"), undefined);
  }
  assert.equal((await Array.fromAsync(Deno.readDir(folder))).length, KEYS.length);
  await Deno.remove(join(folder, "..", ".."), { recursive: true });
});

Deno.test("a segment cache notices damage and takes a new copy", async () => {
  const folder = await Deno.makeTempDir();
  const cache = await openSegmentCache(folder);
  await cache.put("0.ts", new Uint8Array([1, 2, 3]));
  const [entry] = await Array.fromAsync(Deno.readDir(folder));
  await Deno.writeFile(join(folder, entry!.name), new Uint8Array([1, 2]));
  const reopened = await openSegmentCache(folder);
  assert.equal(await reopened.get("0.ts"), undefined);
  await reopened.put("0.ts", new Uint8Array([1, 2, 3]));
  assert.deepEqual(await (await openSegmentCache(folder)).get("0.ts"), new Uint8Array([1, 2, 3]));
  await Deno.remove(folder, { recursive: true });
});
