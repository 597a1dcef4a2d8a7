import assert from "node:assert/strict";
import { join } from "node:path";
import { createDiskCache } from "lib/base/system/disk_cache.ts";

Deno.test("createDiskCache() makes things once, keeps them over a restart and drops those not used for longest", async () => {
  const folder = join(await Deno.makeTempDir({ prefix: "cache-" }), "tiles");
  try {
    let made = 0;
    const make = () => Promise.resolve(new Uint8Array(100).fill(++made));
    const cache = createDiskCache(folder, 350);
    const [first, same] = await Promise.all([cache.get("a", make), cache.get("a", make)]);
    assert.deepEqual([first[0], same[0], made], [1, 1, 1]);
    for (const key of ["b", "c"]) await cache.get(key, make);
    await cache.flush();
    await cache.get("a", make);
    await cache.get("d", make);
    await cache.flush();
    assert.equal(await cache.find("b"), undefined, "unused for longest");
    assert.equal((await cache.find("a"))?.[0], 1);
    assert.equal((await Array.fromAsync(Deno.readDir(folder))).length, 3);
    const later = createDiskCache(folder, 350);
    assert.equal((await later.get("d", make))[0], 4);
    await later.flush();
    await Deno.remove(folder, { recursive: true });
    assert.equal((await later.get("d", make))[0], 5, "somebody cleared the folder");
    await later.flush();
  } finally {
    await Deno.remove(join(folder, ".."), { recursive: true });
  }
});
