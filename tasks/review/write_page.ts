import type { Clip } from "lib/learning/dataset/clip.ts";
import { describeLabel } from "lib/learning/dataset/describe_label.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import type { LabelSuspect } from "lib/learning/evaluate/label_suspects.ts";
import { writeGalleryPage } from "lib/show/report/clip_gallery.ts";
import { suspectCards } from "lib/show/report/suspect_cards.ts";

/** What the page shows. */
interface SuspectsPage {
  readonly event: string;
  readonly shown: readonly LabelSuspect[];
  readonly clips: readonly Clip[];
  /** Path of the ledger. */
  readonly ledger: string;
}

const SAMPLE_RATE = 16_000;

/** Writes a page with the suspects to listen to, each with what sounds alike and where it is from. */
export async function writeSuspectsPage(path: string, page: SuspectsPage): Promise<void> {
  const { event, shown, clips } = page;
  const ledger = openLedger(page.ledger);
  const entries = new Map((await ledger.current()).map((entry) => [entry.clip, entry]));
  const provenance = (clip: string) => {
    const entry = entries.get(ledger.clipName(clip));
    return entry && describeLabel(entry);
  };
  await writeGalleryPage(path, {
    title: `Clips of ${event} whose labels look wrong`,
    lead: `The ${shown.length} most suspicious of ${clips.length}. Listen; correct a label with ` +
      "deno task review --relabel LABEL CLIP.",
    sampleRate: SAMPLE_RATE,
    clips: suspectCards(shown, (index) => clips[index]!.samples.subarray(), provenance),
  });
}
