import { basename, join } from "node:path";
import { openKeptVod } from "lib/harvest/kept_vod.ts";
import type { ModelScorer } from "lib/harvest/model_scorer.ts";
import { openLocalSound, openVodSound, type RecordingSound } from "lib/harvest/recording_sound.ts";
import type { CommandContext } from "tasks/command.ts";
import type { HARVEST_OPTIONS } from "tasks/harvest/options.ts";
import type { HarvestFolders } from "tasks/harvest/run_harvest.ts";
import type { ChatSource } from "tasks/harvest/sources.ts";
import type { TwitchSetup } from "tasks/harvest/twitch_connection.ts";

type Context = CommandContext<typeof HARVEST_OPTIONS>;

/** The model that the options name, or the one for the event where there is one. */
export async function openModel(
  options: Context["options"],
  event: string,
  say: (text: string) => void,
): Promise<ModelScorer | undefined> {
  // The word is taken for a path, and seen from the folder that the user is in.
  if (options.model !== undefined && basename(options.model) === "none") return undefined;
  const dir = options.model ?? join("models", event);
  if (options.model === undefined && !await isFile(join(dir, "manifest.json"))) {
    say(`no model in ${dir}: candidates are ranked by how they stand out and by delay alone`);
    return undefined;
  }
  const { openModelScorer } = await import("lib/harvest/model_scorer.ts");
  return await openModelScorer(dir, event);
}

/** Opens what a chat belongs to: the user's file, or the VOD. */
export async function openSound(
  source: ChatSource,
  { options, log, signal }: Pick<Context, "options" | "log" | "signal">,
  folders: HarvestFolders,
  twitch: () => TwitchSetup,
): Promise<RecordingSound> {
  const onWarning = (text: string) => log.warn(text);
  if (source.local !== undefined) {
    return await openLocalSound(source.local, { offset: source.offset, signal, onWarning });
  }
  const quality = qualityOf(options);
  const vod = await openKeptVod(source.vodId!, {
    ...twitch(),
    quality,
    folder: folders.vods,
    signal,
    onWarning,
  });
  return openVodSound(vod, { onWarning });
}

/** Sound alone is enough for clips; videos need a picture, and the smallest will do. */
export function qualityOf({ quality, video }: Context["options"]): string | undefined {
  return quality ?? (video ? "160p" : undefined);
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}
