import assert from "node:assert/strict";
import { join } from "node:path";
import { removeLeftovers } from "lib/work/harvest/leftovers.ts";

Deno.test("removeLeftovers() removes the unfinished files of one process and nothing else", async () => {
  const folder = await Deno.makeTempDir();
  const kept = [".a.wav.4711-0123abcd.txt", ".a.wav.4712-0123abcd.tmp", "a.wav", "b.4711-0123abcd.tmp"];
  for (const name of [".a.wav.4711-0123abcd.tmp", ...kept]) await Deno.writeTextFile(join(folder, name), "");
  await removeLeftovers([folder, join(folder, "missing")], 4711);
  const names = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
  assert.deepEqual(names.sort(), kept.sort());
  await Deno.remove(folder, { recursive: true });
});
