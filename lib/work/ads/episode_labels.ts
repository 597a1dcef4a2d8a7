import { basename, dirname, join } from "node:path";
import { decodeText } from "lib/base/events/decode_text.ts";
import { readEvents } from "lib/base/events/event_formats.ts";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import { readIfThere } from "lib/base/system/if_there.ts";
import { readSegments } from "lib/learning/dataset/segments_file.ts";
import { type ClassNames, coverEpisode, DEFAULT_CLASSES, type Segment } from "lib/work/ads/segment.ts";

/** What labels of an episode may be called, behind its name without the ending; best first. */
export const LABEL_ENDINGS = [".segments.txt", ".audacity.txt", ".csv", ".jsonl", ".vtt"] as const;
/** A file of all episodes of a folder. */
const FOLDER_FILE = "segments.txt";
/** A time may lie so far beyond the end, as rounded times do, in seconds. */
const SLACK = 0.5;

/** How labels of an episode are to be read. */
interface LabelOptions {
  /** Length of the episode, in seconds. */
  readonly duration: number;
  readonly classes?: ClassNames | undefined;
  /** Which class a `segments.txt` begins with where it does not say so; `ad` as that format foresees. */
  readonly beginsWith?: keyof ClassNames | undefined;
}

/**
 * Reads what a person said of an episode: `NAME.segments.txt`, `NAME.audacity.txt`, a table `NAME.csv`, ... beside it, or its
 * part of a `segments.txt` for the whole folder. Of events, those with the name of the class count.
 *
 * @returns Segments of the whole episode, or undefined if there are no labels.
 * @throws {SyntaxError} That names the file, for labels that are broken or reach beyond the end.
 */
export async function readEpisodeLabels(path: string, options: LabelOptions): Promise<Segment[] | undefined> {
  const { classes = DEFAULT_CLASSES, duration } = options;
  const name = basename(path).replace(/\.[^.]*$/, "");
  const files = [...LABEL_ENDINGS.map((ending) => `${name}${ending}`), FOLDER_FILE];
  for (const file of files.map((file) => join(dirname(path), file))) {
    const bytes = await readIfThere(file);
    if (!bytes) continue;
    try {
      const text = decodeText(bytes);
      const breaks = file.endsWith(FOLDER_FILE)
        ? breaksOfSegments(text, [name, basename(path)], options)
        : readEvents(text, { label: classes.ad }).filter(({ label }) => label === classes.ad);
      if (!breaks) continue;
      const beyond = breaks.find(({ onset, offset }) => Math.max(onset, offset) > duration + SLACK);
      if (beyond) {
        throw new SyntaxError(
          `${beyond.offset} s lies beyond the end of the episode (${
            duration.toFixed(1)
          } s): are these its labels?`,
        );
      }
      return coverEpisode(breaks, { duration, classes });
    } catch (error) {
      throw new SyntaxError(`${file}: ${errorMessage(error)}`, { cause: error });
    }
  }
  return undefined;
}

/** Breaks of one episode in a segments file; undefined if it is not in there. */
function breaksOfSegments(
  text: string,
  names: readonly string[],
  { duration, classes = DEFAULT_CLASSES, beginsWith = "ad" }: LabelOptions,
): SoundEvent[] | undefined {
  const event = classes.ad;
  const segments = readSegments(text, {
    event,
    beginsWith: beginsWith === "ad" ? "event" : "not-event",
  }).filter(({ recording }) => names.includes(basename(recording)));
  if (segments.length === 0) return undefined;
  return segments.filter(({ label }) => label === event)
    // The last one goes on to the end.
    .map(({ onset, offset }) => ({ onset, offset: offset ?? Math.max(onset, duration), label: event }));
}
