import { dirname, join } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";

/** JupyterLab's own defaults, over which a user's settings go. */
const SETTINGS = {
  // It would ask at the first start whether to fetch news, and look for updates at each.
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
} as const;

/** Writes the settings that JupyterLab starts with in a Python environment; gives whether they were there already. */
export async function writeLabSettings(environment: string): Promise<boolean> {
  const path = join(environment, "share", "jupyter", "lab", "settings", "overrides.json");
  const text = `${JSON.stringify(SETTINGS, undefined, 2)}\n`;
  if (await Deno.readTextFile(path).catch(() => "") === text) return true;
  await Deno.mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, text);
  return false;
}
