import { basename, join } from "node:path";
import { exists } from "lib/base/system/exists.ts";

/** Where evaluations are kept. */
export const REPORTS_FOLDER = "data/reports";

/**
 * The folder of a new evaluation: of the name that was given, else of the time and the models.
 * @throws {Deno.errors.AlreadyExists} If there is one of that name.
 */
export async function runFolder(
  name: string | undefined,
  models: readonly string[],
  { root = REPORTS_FOLDER, now }: { readonly root?: string; readonly now: number },
): Promise<string> {
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-");
  const folder = join(
    root,
    name ?? `${stamp}-${models.map((model) => basename(model)).join("-")}`.slice(0, 100),
  );
  if (await exists(folder)) {
    throw new Deno.errors.AlreadyExists(`${folder} is there already; name another with --run`);
  }
  return folder;
}

/** One name for each model: its folder's, with the one above where two are called alike. */
export function systemNames(models: readonly string[]): string[] {
  return models.map((model) => {
    const name = basename(model);
    const isTaken = models.filter((other) => basename(other) === name).length > 1;
    return isTaken ? model.split(/[/\\]/).filter(Boolean).slice(-2).join("/") : name;
  });
}
