import { basename, join } from "node:path";
import { z } from "zod";
import { writeCsvEvents } from "lib/base/events/csv_events.ts";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { ifThere } from "lib/base/system/if_there.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";

const keptSchema = z.strictObject({
  /** When it was heard, as an ISO 8601 time. */
  time: z.string(),
  recording: z.string(),
  onset: z.number(),
  offset: z.number(),
  label: z.string(),
  score: z.number(),
  /** Frame scores of the span of the clip, rounded to three decimals. */
  scores: z.array(z.number()),
  /** Time of the first frame score, in seconds of the recording. */
  scoresStart: z.number(),
  /** Seconds from one frame score to the next. */
  scoresPeriod: z.number(),
  /** Clip, seen from the archive's folder. */
  clip: z.string(),
});

/** A detection with its clip, as it is kept for review and training. */
type KeptDetection = Readonly<z.infer<typeof keptSchema>>;

/** Detections of a channel, of which the newest are kept. */
export interface DetectionArchive {
  /** Keeps one; the oldest go, clip and all, when there are more than allowed. Gives the path of its clip. */
  add(detection: Omit<KeptDetection, "clip">, samples: Float32Array, sampleRate: number): Promise<string>;
  /** Newest last. */
  kept(): readonly KeptDetection[];
}

const INDEX = "detections.jsonl";
const EVENTS = "events.csv";
const CLIPS = "clips";

/**
 * Opens the archive in a folder such as `data/found/<channel>`: clips, `detections.jsonl` with their scores, and
 * `events.csv` as `find` writes it, so that clips that a person sorts into folders are recognised.
 *
 * @param maxDetections How many are kept: with the length of clips this bounds the disk.
 */
export async function openDetectionArchive(folder: string, maxDetections: number): Promise<DetectionArchive> {
  let kept = await readIndex(join(folder, INDEX));
  let writing: Promise<unknown> = Promise.resolve();

  async function add(
    detection: Omit<KeptDetection, "clip">,
    samples: Float32Array,
    sampleRate: number,
  ): Promise<string> {
    await Deno.mkdir(join(folder, CLIPS), { recursive: true });
    const time = detection.onset.toFixed(2).padStart(9, "0");
    const clip = `${CLIPS}/${detection.recording}-${time}.wav`;
    await writeWav(join(folder, clip), samples, { sampleRate });
    const all = [...kept.filter((other) => other.clip !== clip), { ...detection, clip }];
    const gone = all.slice(0, Math.max(0, all.length - maxDetections));
    kept = all.slice(gone.length);
    // The lists are short and detections are seldom: written anew they are whole at any moment.
    await writeFileAtomic(join(folder, INDEX), kept.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    await writeFileAtomic(
      join(folder, EVENTS),
      writeCsvEvents(kept.map(({ recording, onset, offset, label, score, clip }) => ({
        recording,
        onset,
        offset,
        label,
        score,
        clip,
      }))),
    );
    for (const old of gone) {
      // A person may have sorted it into a folder of labels.
      await ifThere(Deno.remove(join(folder, CLIPS, basename(old.clip))));
    }
    return join(folder, clip);
  }

  return {
    add(detection, samples, sampleRate) {
      const adding = writing.then(() => add(detection, samples, sampleRate));
      writing = adding.catch(() => {});
      return adding;
    },
    kept: () => kept,
  };
}

/** Lines that cannot be read are left out: the archive is a help, and must not keep the bot from starting. */
async function readIndex(path: string): Promise<KeptDetection[]> {
  const text = await ifThere(Deno.readTextFile(path)) ?? "";
  return text.split("\n").flatMap((line) => {
    try {
      return [keptSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
