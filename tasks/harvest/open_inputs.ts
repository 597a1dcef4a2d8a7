import { basename, join } from "node:path";
import { exists } from "lib/base/system/exists.ts";
import type { TwitchSetup } from "lib/media/platforms/twitch/connect.ts";
import type { ChatRecordingOptions } from "lib/work/harvest/chat_recording.ts";
import type { ModelScorer } from "lib/work/harvest/model_scorer.ts";
import type { CommandContext } from "tasks/command.ts";
import type { HARVEST_OPTIONS } from "tasks/harvest/options.ts";
import type { HarvestFolders } from "tasks/harvest/run_harvest.ts";
import { COLD_START, listenerFor } from "lib/work/search/choose_models.ts";

type Context = CommandContext<typeof HARVEST_OPTIONS>;

/** The model that the options name, or the one for the event where there is one. */
export async function openModel(
  options: Context["options"],
  event: string,
  say: (text: string) => void,
): Promise<ModelScorer | undefined> {
  // The word is taken for a path, and seen from the folder that the user is in.
  if (options.model !== undefined && basename(options.model) === "none") return undefined;
  const dir = options.model ?? await witnessOf(event);
  if (dir === undefined) {
    const own = join("models", event);
    say(`no model in ${own}: candidates are ranked by how they stand out and by delay alone`);
    return undefined;
  }
  const { openModelScorer } = await import("lib/work/harvest/model_scorer.ts");
  return await openModelScorer(dir, event);
}

/** How the recordings of a harvest are opened. */
export function recordingOptions(
  { options, log, signal }: Pick<Context, "options" | "log" | "signal">,
  folders: HarvestFolders,
  twitch: () => TwitchSetup,
): ChatRecordingOptions {
  return {
    twitch,
    quality: qualityOf(options),
    vodsFolder: folders.vods,
    track: options.track,
    signal,
    onWarning: (text) => log.warn(text),
  };
}

/** Sound alone is enough for clips; videos need a picture, and the smallest will do. */
function qualityOf({ quality, video }: Context["options"]): string | undefined {
  return quality ?? (video ? "160p" : undefined);
}

/** A model of one's own for the sound, else the listener if it knows it; for burps the listener before what shipped. */
async function witnessOf(event: string): Promise<string | undefined> {
  const own = join("models", event);
  const hasOwn = await exists(join(own, "manifest.json"));
  const listener = await listenerFor(event);
  return hasOwn && (own !== COLD_START || listener === undefined) ? own : listener;
}
