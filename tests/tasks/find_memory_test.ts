import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeWavHeader } from "lib/audio/wav_writer.ts";
import { runToEnd } from "lib/system/run_program.ts";
import { withToneModel } from "tests/detect/with_tone_model.ts";

const SAMPLE_RATE = 8000;
const SCRIPT = fileURLToPath(new URL("./find_memory.ts", import.meta.url));

/** Writes silence that takes no room on the disk where files may have holes. */
async function writeSilence(path: string, seconds: number): Promise<void> {
  const dataBytes = 2 * SAMPLE_RATE * seconds;
  const header = encodeWavHeader(dataBytes, { sampleRate: SAMPLE_RATE });
  await Deno.writeFile(path, header);
  await Deno.truncate(path, header.length + dataBytes);
}

Deno.test("find holds as much memory for two hours as for twenty minutes", async () => {
  await withToneModel(async ({ folder, modelDir }) => {
    const memoryOf = async (name: string, seconds: number): Promise<number> => {
      const path = join(folder, name);
      await writeSilence(path, seconds);
      const { stdout } = await runToEnd(Deno.execPath(), [
        ...["run", "--quiet", "--no-check", "--allow-read", "--allow-write", "--allow-env", "--allow-sys"],
        ...[
          "--allow-ffi",
          "--allow-run",
          SCRIPT,
          "--model",
          modelDir,
          "--output",
          join(folder, "found"),
          path,
        ],
      ]);
      const { code, most } = JSON.parse(new TextDecoder().decode(stdout)) as { code: number; most: number };
      assert.equal(code, 0);
      return most;
    };
    const short = await memoryOf("short.wav", 20 * 60);
    const long = await memoryOf("long.wav", 120 * 60);
    // The samples of the 100 minutes between them would take 192 MB.
    const growth = (long - short) / 2 ** 20;
    assert.ok(growth < 40, `${growth.toFixed(0)} MB more`);
    assert.ok(long < 400 * 2 ** 20, `${(long / 2 ** 20).toFixed(0)} MB in all`);
  });
});
