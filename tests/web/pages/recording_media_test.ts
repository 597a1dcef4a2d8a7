import assert from "node:assert/strict";
import { join } from "node:path";
import { createDiskCache } from "lib/base/system/disk_cache.ts";
import { createRecordingOpener } from "lib/web/pages/recording_media.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";
import { writeNoise } from "tests/web/pages/with_labeler.ts";

Deno.test("a recording whose levels could not be kept once is looked into again", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.wav");
    await writeNoise(path);
    let isFull = false;
    const open = createRecordingOpener({ realFile: (file) => Promise.resolve(file) }, {
      async get(_key, make) {
        const bytes = await make();
        if (isFull) throw new Error("no space left");
        return new Uint8Array(bytes);
      },
      find: () => Promise.resolve(undefined),
      keep: () => Promise.resolve(),
      flush: () => Promise.resolve(),
    });
    const recording = await open({ id: "a", path, ledgerName: path, names: new Set([path]) });
    assert.equal(recording.duration, 1);
    isFull = true;
    await assert.rejects(recording.levels(), /no space left/);
    isFull = false;
    const { low, high } = await recording.levels();
    assert.ok(low < high, `${low} to ${high}`);
  });
});

Deno.test("what was kept of a recording and then damaged is found anew, and kept again", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.wav");
    await writeNoise(path);
    const kept = join(folder, "kept");
    const look = async () => {
      const cache = createDiskCache(kept, 1e6);
      const open = createRecordingOpener({ realFile: (file) => Promise.resolve(file) }, cache);
      const { duration, levels } = await open({ id: "a", path, ledgerName: path, names: new Set([path]) });
      const found = [duration, await levels()];
      await cache.flush();
      return found;
    };
    const readKept = async () => {
      const names = (await Array.fromAsync(Deno.readDir(kept), ({ name }) => name)).sort();
      return await Promise.all(names.map(async (name) => [name, await Deno.readTextFile(join(kept, name))]));
    };
    const whole = await look();
    const files = await readKept();
    assert.equal(files.length, 2);
    for (const damage of ["", "{", "null", '{"duration":"1","low":null,"high":1}', '{"low":3,"high":3}']) {
      for (const [name] of files) await Deno.writeTextFile(join(kept, name!), damage);
      assert.deepEqual(await look(), whole, damage);
      assert.deepEqual(await readKept(), files, damage);
    }
  });
});
