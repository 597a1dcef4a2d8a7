import { join } from "node:path";
import { EVENT_FORMATS } from "lib/base/events/event_formats.ts";
import type { FoundEvent } from "lib/base/events/sound_event.ts";
import { framesOf } from "lib/base/events/track.ts";
import { highestBetween } from "lib/learning/detect/score_tracks.ts";
import {
  createModelSearch,
  describeModels,
  type Search,
  type SearchOptions,
  type SearchResult,
} from "lib/learning/detect/search.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { SearchChoiceError } from "lib/work/search/choice_error.ts";
import { listenerFolder } from "lib/work/search/choose_models.ts";
import { writeFoundFolder } from "lib/work/search/found_folder.ts";
import { formatFileName, planFound } from "lib/work/search/found_plan.ts";
import type { SearchRecord } from "lib/work/search/search_record.ts";
import { tracksOf, type TrackStore } from "lib/work/search/track_store.ts";
import type { Target } from "lib/work/search/targets.ts";

/** Rows of the picture. */
const SHOWN_SOUNDS = 30;
const PAGE_FILE = "heard.html";

/** A way to hear all sounds that models know. */
interface Ear {
  readonly search: Search;
  /** What shapes what is heard. */
  readonly description: SearchRecord["search"];
}

/** What is heard when in a recording. */
export interface Heard {
  readonly events: readonly FoundEvent[];
  /** What was wrong with the recording. */
  readonly warnings: readonly string[];
  /**
   * Keeps it in the recording's folder: a table, and a page with a picture.
   *
   * @returns Path of the page; undefined where nothing is kept.
   * @throws {UserFileError} If a file would have to be overwritten that the user changed.
   */
  keep(options: {
    readonly force: boolean;
    readonly signal: AbortSignal;
    /** Keeps the scores of all sounds. */
    readonly tracks?: TrackStore | undefined;
  }): Promise<string | undefined>;
}

/**
 * Opens the models that hear; the listener if none is named.
 *
 * @throws {SearchChoiceError} If there is no listener.
 * @throws {ModelPackageError} If a model cannot be used.
 */
export async function openEar(
  { model = [], threshold, threads }: {
    readonly model?: readonly string[];
    readonly threshold?: number | undefined;
    readonly threads?: number | undefined;
  },
): Promise<Ear> {
  const folders = model.length > 0 ? model : [await listenerFolder() ?? ""];
  if (folders[0] === "") throw new SearchChoiceError("--heard needs the listener: `deno task setup` gets it");
  const models = await Promise.all(folders.map((folder) => openPackage(folder)));
  const search = createModelSearch(models, {
    worker: true,
    threshold,
    threads,
  });
  return {
    search,
    description: {
      kind: "heard",
      models: describeModels(models) as SearchRecord["search"][string],
      threshold: threshold ?? null,
    },
  };
}

/**
 * Hears all sounds of a recording.
 *
 * @param options `onNote` is told in one line of what there is to know of the recording.
 * @throws {AudioError} If it cannot be read.
 */
export async function hearRecording(
  target: Target,
  { search, description }: Ear,
  options: Pick<SearchOptions, "signal" | "onProgress"> & {
    readonly url?: string | undefined;
    /** Audio track that was asked for. */
    readonly track?: string | undefined;
    readonly onNote?: ((text: string) => void) | undefined;
  },
): Promise<Heard> {
  const { folder } = target;
  const open: Target["open"] = (how) => target.open({ onNote: options.onNote, ...how });
  const result = await search.run({ ...target, open }, options);
  const choices = { formats: [], url: options.url, calibrations: new Map() };
  const { events } = planFound(target, result.events, choices);
  return {
    events,
    warnings: result.warnings,
    async keep({ tracks, ...writing }) {
      const fingerprint = await target.fingerprint();
      if (folder === undefined || !fingerprint) return undefined;
      const { recording, name } = target;
      const record = {
        recording,
        fingerprint,
        search: description,
        duration: result.duration,
        warnings: [...result.warnings],
        events: [...result.events],
      };
      const shown = { name, result };
      const files = [
        { name: formatFileName("csv"), content: EVENT_FORMATS.csv.write(events, {}) },
        { name: PAGE_FILE, content: (path: string) => writeHeardPage(path, shown) },
      ];
      await writeFoundFolder(folder, record, files, writing);
      const track = { ...result.track!, name: "heard" };
      const kept = await tracksOf(tracks, target, options.track);
      await kept?.keep(track, { models: description["models"] ?? null });
      return join(folder, PAGE_FILE);
    },
  };
}

async function writeHeardPage(
  path: string,
  { name, result }: { readonly name: string; readonly result: SearchResult },
): Promise<void> {
  const { plotHeardSounds } = await import("lib/show/plots/heard_sounds.ts");
  const { writeFigurePage } = await import("lib/show/report/figure_page.ts");
  const heardFor = new Map<string, number>();
  for (const { label, onset, offset } of result.events) {
    heardFor.set(label, (heardFor.get(label) ?? 0) + offset - onset);
  }
  const sounds = [...heardFor].toSorted((a, b) => b[1] - a[1]).slice(0, SHOWN_SOUNDS).map(([label]) => label);
  // A search by models gives the scores of each sound.
  const track = result.track!;
  const columns = sounds.map((label) => track.columns.indexOf(label));
  const figure = plotHeardSounds({
    recording: name,
    sounds,
    frames: framesOf(track),
    grid: result.grid,
    highest: (sound, start, end) => highestBetween(track, columns[sound]!, { start, end }),
  });
  await writeFigurePage(path, {
    title: `Heard in ${name}`,
    lead: "What the listener hears when. Zoom by dragging; the table beside this page has the times.",
    figures: sounds.length > 0 ? [figure] : [],
  });
}
