import assert from "node:assert/strict";
import { join } from "node:path";
import { measureFindMemory, writeSilence } from "tasks/bench/find_process.ts";
import { withToneModel } from "tests/learning/detect/with_tone_model.ts";

Deno.test("find holds as much memory for two hours as for twenty minutes", async () => {
  await withToneModel(async ({ folder, modelDir }) => {
    const memoryOf = async (name: string, seconds: number): Promise<number> => {
      const path = join(folder, name);
      await writeSilence(path, { seconds, sampleRate: 8000 });
      const args = ["--model", modelDir, "--output", join(folder, "found"), path];
      return await measureFindMemory(args, { signal: new AbortController().signal });
    };
    const short = await memoryOf("short.wav", 20 * 60);
    const long = await memoryOf("long.wav", 120 * 60);
    // The samples of the 100 minutes between them would take 192 MB; when memory is collected varies by tens of MB.
    const growth = (long - short) / 2 ** 20;
    assert.ok(growth < 100, `${growth.toFixed(0)} MB more`);
    assert.ok(long < 400 * 2 ** 20, `${(long / 2 ** 20).toFixed(0)} MB in all`);
  });
});
