import { join } from "node:path";
import { z } from "zod";
import { manifestSchema } from "lib/learning/model_package/manifest.ts";

/** Models that others start from: they were not trained on anybody's answers. */
const TRUNK = /^(base|taught)(-\d+)?$/;

const RECORD = z.looseObject({ started: z.iso.datetime().optional(), finished: z.iso.datetime() });

/**
 * When the newest model that knows one of some events began to be trained, in milliseconds since 1970; 0 where there is
 * none. Answers that are given while a training runs are for the next one.
 *
 * @param models Folder of the models' folders; may be missing.
 */
export async function lastTrainingMs(models: string, events: readonly string[]): Promise<number> {
  const names = await Array.fromAsync(Deno.readDir(models), ({ name }) => name).catch(() => []);
  const times = await Promise.all(
    names.filter((name) => !TRUNK.test(name)).map((name) => trainedMs(join(models, name), events)),
  );
  return Math.max(0, ...times);
}

async function trainedMs(dir: string, events: readonly string[]): Promise<number> {
  try {
    const [manifest, record] = await Promise.all(
      ["manifest.json", "training.json"].map(async (name) =>
        JSON.parse(await Deno.readTextFile(join(dir, name))) as unknown
      ),
    );
    const { eventNames } = manifestSchema.parse(manifest);
    const { finished, started = finished } = RECORD.parse(record);
    return events.some((event) => eventNames.includes(event)) ? Date.parse(started) : 0;
  } catch {
    // Neither a model nor one of a training: whoever opens it says so.
    return 0;
  }
}
