import { join } from "node:path";
import { createLogger } from "lib/base/system/logger.ts";
import { openAudio } from "lib/media/audio/audio_source.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { cutVideo } from "lib/media/video/cut_video.ts";
import { replay } from "lib/work/bot/replay.ts";
import { DEFAULT_LIMITS } from "lib/work/bot/send_limits.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import { openRecordingSound } from "lib/work/harvest/recording_sound.ts";
import { runCommand } from "tasks/command.ts";
import { find } from "tasks/find.ts";
import { startLabeler } from "lib/web/pages/start_labeler.ts";
import { hearMarks, type Mark, MARK_RATE, PICTURE, TONE_SECONDS } from "tests/marked_media/marked_signal.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { playerView } from "tests/marked_media/player_view.ts";

/** How far marks were from where they should be, in ms; none for one that was not there. */
export type Errors = readonly (number | undefined)[];

/** Seconds before a mark at which a part of a recording begins, and after it at which it ends. */
const [BEFORE, AFTER] = [0.7, 0.8];

/** The tone model hears in steps of 80 ms; in seconds. */
const ONSET_COLLAR = 0.1;

/** All marks that are heard when the recording is read from its beginning to its end. */
export async function hearAll(path: string): Promise<Mark[]> {
  return hearMarks(await readSamples(path, { sampleRate: MARK_RATE }));
}

/** Errors of marks against others of the same kinds. */
export function compare(found: readonly Mark[], wanted: readonly Mark[]): Errors {
  return wanted.map(({ id, time }) => {
    const off = found.filter((mark) => mark.id === id).map((mark) => Math.abs(mark.time - time) * 1000);
    return off.length === 0 ? undefined : Math.min(...off);
  });
}

/** What a recording is used for; each is told the marks as they were heard, and says how far the sound is from them. */
export const USES = {
  "part of the sound": async (path: string, heard: readonly Mark[]) => {
    const errors: (number | undefined)[] = [];
    for (const mark of some(heard)) {
      const start = Math.max(0, mark.time - BEFORE);
      const window = { start, duration: BEFORE + AFTER, sampleRate: MARK_RATE };
      errors.push(...compare(later(hearMarks(await readSamples(path, window)), start), [mark]));
    }
    return errors;
  },
  "harvest": async (path: string, heard: readonly Mark[]) => {
    const recording = await openRecordingSound(fileRecording(path), { offset: 30 });
    const errors: (number | undefined)[] = [];
    for (const { id, time } of some(heard)) {
      const asked = { start: 30 + time - BEFORE, end: 30 + time + AFTER };
      const read = await recording.read(asked);
      const found = read ? hearMarks(atMarkRate(read.samples)) : [];
      errors.push(...compare(later(found, (read?.start ?? 0) - 30), [{ id, time }]));
    }
    return errors;
  },
  "page": async (path: string, heard: readonly Mark[], { folder }: UseTools) => {
    const inside = (name: string) => join(folder, name);
    const labeler = await startLabeler({
      ledger: inside("labels.jsonl"),
      clipsFolder: inside("clips"),
      foundFolder: inside("found"),
      vodsFolder: inside("vods"),
      cacheFolder: inside("cache"),
      recordings: [path],
    });
    try {
      const { recordings } = await (await fetch(`${labeler.url}api/recordings`)).json();
      const errors: (number | undefined)[] = [];
      for (const mark of some(heard)) {
        const start = Math.max(0, mark.time - BEFORE);
        const address = `api/recordings/${recordings[0].id}/stretch.wav?start=${start}&duration=${
          BEFORE + AFTER
        }`;
        const response = await fetch(`${labeler.url}${address}`);
        const wav = inside("stretch.wav");
        await Deno.writeFile(wav, new Uint8Array(await response.arrayBuffer()));
        const found = response.ok ? hearMarks(await readSamples(wav, { sampleRate: MARK_RATE })) : [];
        errors.push(...compare(later(found, start), [mark]));
      }
      return errors;
    } finally {
      await labeler.close();
    }
  },
  "bot's replay": async (path: string, heard: readonly Mark[]) => {
    const found: Mark[] = [];
    await replay({
      source: await openAudio(path, { sampleRate: MARK_RATE }),
      recording: path,
      channel: "",
      event: "mark",
      command: "!mark",
      threshold: 0.5,
      async *hear(blocks) {
        const parts: Float32Array[] = [];
        let from: number | undefined;
        for await (const { samples, streamTime } of blocks) {
          from ??= streamTime;
          parts.push(samples);
        }
        const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
        parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
        found.push(...later(hearMarks(all), from ?? 0));
        yield* [];
      },
      limits: DEFAULT_LIMITS,
      log: createLogger({ level: "silent", write() {} }),
    });
    return compare(found, heard);
  },
  "found clips": findClips,
  "picture": cutPictures,
} satisfies Record<string, (path: string, heard: readonly Mark[], tools: UseTools) => Promise<Errors>>;

/** A use of a recording. */
export type Use = "whole" | keyof typeof USES;

/** All uses: reading it from its beginning to its end, and those of {@link USES}. */
export const USE_NAMES: readonly Use[] = ["whole", ...Object.keys(USES) as (keyof typeof USES)[]];

/** Whether a use needs a recording with a picture. */
export function usesPicture(use: Use): boolean {
  return use === "picture";
}

/** What uses need beside the recording. */
export interface UseTools {
  /** Kinds of the marks that are in its picture. */
  readonly shown: readonly number[];
  /** Folder of a model that finds the tones at the marks. */
  readonly modelDir: string;
  /** Path of the ffmpeg that looks at what was made. */
  readonly judge: string;
  /** For what they write. */
  readonly folder: string;
}

/** Searches as people do; each event must be where its tone is, and its clip must hold the very sound. */
async function findClips(
  path: string,
  heard: readonly Mark[],
  { folder, modelDir }: UseTools,
): Promise<Errors> {
  const found = join(folder, "found");
  const { host, written } = createTestHost(
    ["--model", modelDir, "--output", found, "--clips", "--json", path],
  );
  const code = await runCommand(find, host);
  if (code !== 0) throw new Error(`find: ${written.err}`);
  const events: { onset: number; clip: string }[] = written.out.trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  const errors = heard.map(async ({ id, time }) => {
    const event = events.find(({ onset }) => Math.abs(onset + TONE_SECONDS / 2 - time) < ONSET_COLLAR);
    if (!event) return undefined;
    const clip = later(hearMarks(await readSamples(event.clip, { sampleRate: MARK_RATE })), event.onset);
    return compare(clip, [{ id, time }])[0];
  });
  const all = await Promise.all(errors);
  await Deno.remove(found, { recursive: true });
  return all;
}

/** Cuts with picture: the sound must be the searched one, and the picture that of the sound. */
async function cutPictures(
  path: string,
  heard: readonly Mark[],
  { judge, folder, shown }: UseTools,
): Promise<Errors> {
  const errors: (number | undefined)[] = [];
  const out = join(folder, "clip.mp4");
  for (const mark of some(heard.filter(({ id }) => shown.includes(id)))) {
    const start = Math.max(0, mark.time - BEFORE);
    await cutVideo(path, { start, end: mark.time + AFTER }, out);
    const view = await playerView(judge, out);
    errors.push(...compare(later(view.heard, start), [mark]));
    // A picture is shown until the next one comes.
    const [late] = compare(later(view.seen, start), [mark]);
    errors.push(late === undefined ? undefined : Math.max(0, late - 1000 / PICTURE.rate));
  }
  return errors;
}

/** Every third one: those near the beginning and the end, and on both sides of what is wrong. */
function some(marks: readonly Mark[]): Mark[] {
  return marks.filter((_, i) => i % 3 === 0);
}

function later(marks: readonly Mark[], seconds: number): Mark[] {
  return marks.map(({ id, time }) => ({ id, time: time + seconds }));
}

/** Every second sample of 16 kHz; the marks lie far below what folds. */
function atMarkRate(samples: Float32Array): Float32Array {
  return samples.filter((_, i) => i % 2 === 0);
}
