/** What notebooks show on until somebody gives them recordings and clips: demo data, in `data/demo`. */
import { cp } from "node:fs/promises";
import { exists } from "lib/base/system/exists.ts";
import { annotationsBeside, readEventFile } from "lib/learning/evaluate/event_files.ts";
import { writeDemoStream } from "lib/learning/synthesis/demo_stream.ts";
import { misplaceClips } from "lib/learning/synthesis/misplaced_clips.ts";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { writeStreamFiles } from "lib/learning/synthesis/stream_files.ts";
import { writeTrainingClips } from "lib/learning/synthesis/training_clips.ts";
import { synthesizeVoiceAndGame, type VoiceAndGame } from "lib/learning/synthesis/voice_and_game.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import type { NextClip } from "lib/work/review/next_clips.ts";
import { clipSpan } from "lib/work/harvest/clip_span.ts";
import { harvestLocal } from "lib/work/harvest/harvest_local.ts";

/**
 * Whether the notebooks run as a check of themselves, which wants small settings, or for a reader; `deno task notebooks`
 * sets the variable. Use it for numbers alone, as in `const epochs = quick ? 2 : 12`: both must show the same outputs.
 */
export const quick: boolean = (Deno.env.get("NOTEBOOKS_QUICK") ?? "") !== "";

/** What is in it may be deleted at any time. */
const FOLDER = "data/demo";
const LABELS = `${FOLDER}/label`;
const REVIEW = `${FOLDER}/review`;

/** A stream and its chat, and a folder for what is harvested of them, which is emptied. */
export async function harvestDemo(): Promise<{ data: string; recording: string; chat: string }> {
  const data = `${FOLDER}/harvest`;
  await forgetHarvest(data);
  const { recording, chat } = await writeDemoStream(data, { seconds: 300, events: 7 });
  return { data, recording, chat };
}

/** A folder with what was harvested of two streams, without anybody's decisions. */
export async function labelDemo(): Promise<string> {
  const data = LABELS;
  await forgetHarvest(data);
  for (const seed of ["monday", "tuesday"]) {
    const { recording, chat } = await writeDemoStream(data, { seed, seconds: 150, events: 7 });
    await harvestLocal({ recording, chat, data, model: "models/burp" });
  }
  return data;
}

/** What somebody who knows the truth says of undecided clips of the demo, by the clip's name; of others, nothing. */
export async function demoAnswers(
  data: string,
  queue: readonly NextClip[],
  event: string,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  if (data !== LABELS) return answers;
  for (const { item: { recording, clip = "", ...place } } of queue) {
    const annotations = await annotationsBeside(recording);
    if (annotations === undefined) continue;
    const { start, end } = clipSpan(place);
    const truth = await readEventFile(annotations);
    const isEvent = truth.some(({ onset, offset }) => onset < end && offset > start);
    answers[clip] = isEvent ? event : `not-${event}`;
  }
  return answers;
}

/** Clips to learn from, and a folder for models, in which earlier ones stay. */
export async function trainingDemo(): Promise<{ clipFolder: string; models: string }> {
  const folder = `${FOLDER}/train`;
  const clipFolder = `${folder}/clips-${quick ? "few" : "many"}`;
  await writeClips(clipFolder, quick ? { positives: 24, negatives: 36 } : { positives: 72, negatives: 108 });
  return { clipFolder, models: `${folder}/models` };
}

/** A copy of a model as it came, streams to tune it on, and one that it is measured on. */
export async function tuningDemo(): Promise<{ model: string; recordings: string[]; unseen: string }> {
  const folder = `${FOLDER}/tune`, model = `${folder}/burp`, seconds = quick ? 150 : 480;
  await remove(model);
  await cp("models/burp", model, { recursive: true });
  const recordings: string[] = [];
  for (const seed of ["monday", "tuesday", "wednesday"]) {
    recordings.push((await writeDemoStream(folder, { seconds, events: seconds / 15, seed })).recording);
  }
  const unseen = recordings.pop()!;
  return { model, recordings, unseen };
}

let misplaced: readonly string[] = [];

/** Clips of which one in twenty lies in the wrong folder, made anew. */
export async function reviewDemo(): Promise<{ clipsRoot: string; ledgerPath: string }> {
  const clipsRoot = `${REVIEW}/clips`, count = quick ? 30 : 80;
  await remove(REVIEW);
  await writeClips(clipsRoot, { positives: count, negatives: count });
  misplaced = await misplaceClips(clipsRoot, { share: 0.05, seed: "slips" });
  return { clipsRoot, ledgerPath: `${REVIEW}/labels.jsonl` };
}

/** Names of the clips that were put into the wrong folder; none but for the demo, since nobody knows. */
export function misplacedInDemo(clipsRoot: string): readonly string[] {
  return clipsRoot === `${REVIEW}/clips` ? misplaced : [];
}

/** A stream with loud burps, its chat, and the truth beside it. */
export async function replayDemo(): Promise<{ recording: string; chat: string }> {
  const folder = `${FOLDER}/bot`, seed = "bot", durationSeconds = quick ? 120 : 600;
  const plan = { durationSeconds, seed, count: durationSeconds / 30, snrDecibels: [6, 15] } as const;
  const stream = synthesizeStream({ durationSeconds, seed, events: planEvents(plan) });
  const files = await writeStreamFiles(`${folder}/demo-stream.wav`, stream, { seed, chatFolder: folder });
  return { recording: files.recording, chat: files.chat! };
}

/** Recordings stay: they are the same each time. */
async function forgetHarvest(data: string): Promise<void> {
  for (const made of ["clips", "reports", "labels.jsonl"]) await remove(`${data}/${made}`);
}

async function writeClips(
  dir: string,
  counts: { readonly positives: number; readonly negatives: number },
): Promise<void> {
  if (!await exists(dir)) await writeTrainingClips(dir, { seed: "demo", ...counts });
}

async function remove(path: string): Promise<void> {
  if (await exists(path)) await Deno.remove(path, { recursive: true });
}

/** Somebody who talks over a game, and both apart, at a rate in Hz. */
export async function separationDemo(
  sampleRate: number,
): Promise<{ recording: string; folder: string; truth: VoiceAndGame }> {
  const folder = `${FOLDER}/separate`, recording = `${folder}/talk.wav`;
  const truth = synthesizeVoiceAndGame({ seconds: quick ? 8 : 20, sampleRate, seed: "talk" });
  await Deno.mkdir(folder, { recursive: true });
  await writeWav(recording, truth.voice.map((x, n) => x + truth.game[n]!), { sampleRate });
  return { recording, folder, truth };
}
