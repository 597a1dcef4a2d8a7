import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom } from "lib/base/numbers/random.ts";
import { ProgramError, runToEnd } from "lib/base/system/run_program.ts";
import { writePackage } from "lib/learning/model_package/write_package.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { tinyListener } from "tests/learning/listener/tiny_listener.ts";
import { writeToneModel } from "tests/learning/model_package/tone_model.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

/** Folder of the commands. */
export const TASKS: string = fileURLToPath(new URL("../../tasks/", import.meta.url));
/** The project's configuration, which commands in other folders need. */
export const CONFIG: string = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** What a command did and wrote, line by line. */
export interface Result {
  readonly code: number;
  readonly out: string[];
  readonly err: string;
}

/** Runs a command as in a project of its own, with the models that the folder holds. */
export async function run(folder: string, task: string, ...args: string[]): Promise<Result> {
  const command = [
    "run",
    "-A",
    "--quiet",
    "--no-check",
    "--config",
    CONFIG,
    join(TASKS, `${task}.ts`),
    ...args,
  ];
  try {
    const { stdout } = await runToEnd(Deno.execPath(), command, {
      cwd: folder,
      timeoutMs: 120_000,
      // Else the folder that the tests were started in would count.
      env: { INIT_CWD: folder },
    });
    const out = new TextDecoder().decode(stdout).split("\n").slice(0, -1);
    return { code: 0, out, err: "" };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { code: error.code ?? -1, out: [], err: error.stderrTail };
  }
}

/** A project with the listener, a model of one's own that knows `low`, and a recording. */
export async function inProject(run: (folder: string) => Promise<void>, hasListener = true): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    if (hasListener) {
      const { content } = tinyListener();
      await writePackage(join(folder, "models", "listener"), content);
    }
    await writeToneModel(join(folder, "models", "mine"), { eventNames: ["low"] });
    await writeToneModel(join(folder, "models", "base"), { eventNames: ["nothing"] });
    const random = createRandom("recording");
    const samples = Float32Array.from(
      { length: 16_000 * 9 },
      (_, n) => random.normal() * (n % 32_000 < 8000 ? 0.3 : 0.01),
    );
    await writeWav(join(folder, "a.wav"), samples, { sampleRate: 16_000 });
    await run(folder);
  });
}
