import { basename, dirname, join } from "node:path";
import { copyClip } from "lib/learning/dataset/clip_file.ts";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import type { LabelLedger } from "lib/learning/dataset/label_ledger.ts";
import { notLabel } from "lib/learning/dataset/label_name.ts";
import { clipFolderName } from "lib/learning/dataset/labelled_folder.ts";

/** A detection that somebody says was none. */
interface WrongDetection {
  readonly recording: string;
  readonly onset: number;
  readonly offset: number;
  readonly label: string;
  readonly score: number;
  /** Path of its clip. */
  readonly clip: string;
}

/**
 * Puts a detection's clip among the clips that are not the event, and says so in the ledger: a hard negative for the next
 * training. The copy comes first, so that the ledger never speaks of a clip that is not there.
 *
 * @param options `clipsRoot` is such as `data/clips`; `who` is the login of whoever said so.
 * @returns The entry, or nothing if the ledger says so already.
 */
export async function markWrong(
  detection: WrongDetection,
  ledger: LabelLedger,
  options: { readonly clipsRoot: string; readonly who: string; readonly model: string },
): Promise<LabelEntry | undefined> {
  const { recording, onset, offset, score } = detection;
  const label = notLabel(detection.label);
  const target = join(options.clipsRoot, clipFolderName(label), basename(detection.clip));
  await Deno.mkdir(dirname(target), { recursive: true });
  if (!await copyClip(detection.clip, target)) {
    throw new Error(`${target} is another clip already: it is left alone`);
  }
  const clip = ledger.clipName(target);
  const [entry] = await ledger.update((_, current) => {
    if (current.some((other) => other.clip === clip && other.label === label)) return [];
    return [{
      recording,
      onset,
      offset,
      label,
      clip,
      source: { kind: "chat", name: options.who, command: "?wrong" },
      provenance: { score, model: options.model, hardNegative: true },
    }];
  });
  return entry;
}
