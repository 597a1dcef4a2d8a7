import { counted } from "lib/base/events/counted.ts";
import { dirname, resolve } from "node:path";
import { exists } from "lib/base/system/exists.ts";
import { planEvents, synthesizeStream } from "lib/learning/synthesis/stream.ts";
import { streamFilesOf, writeStreamFiles } from "lib/learning/synthesis/stream_files.ts";
import { writeTrainingClips } from "lib/learning/synthesis/training_clips.ts";
import { writeFigurePicture } from "lib/show/report/figure_picture.ts";
import { type CommandContext, defineCommand, runAsMain, UsageError } from "tasks/command.ts";
import { drawBurpPicture } from "tasks/synthesize/burp_picture.ts";

const OPTIONS = {
  output: {
    type: "string",
    short: "o",
    value: "PATH",
    path: true,
    help: "new folder of clips, WAV of the stream, or PNG of the picture",
  },
  seed: { type: "string", value: "TEXT", default: "1", help: "the same seed gives the same sounds" },
  positives: {
    type: "integer",
    min: 1,
    max: 99_999,
    default: 300,
    help: "clips with a burp, or burps that the picture measures",
  },
  negatives: { type: "integer", min: 1, max: 99_999, default: 600, help: "clips with something else" },
  minutes: { type: "number", min: 0.1, default: 10, help: "length of the stream" },
  events: {
    type: "integer",
    min: 0,
    default: 20,
    help: "burps in the stream; 0 makes background to train and tune on",
  },
  lowest: {
    type: "number",
    min: -30,
    max: 60,
    default: 0,
    help: "level of the quietest burp over the rest, in dB",
  },
  loudest: {
    type: "number",
    min: -30,
    max: 60,
    default: 15,
    help: "level of the loudest burp over the rest, in dB",
  },
  rounds: { type: "integer", min: 2, max: 100, default: 12, help: "rounds of the fit" },
  draws: {
    type: "integer",
    min: 100,
    max: 99_999,
    default: 1000,
    help: "burps drawn in each round of the fit",
  },
  force: { type: "boolean", help: "replace the files of an earlier stream, or an earlier picture" },
} as const;

/** `deno task synthesize`: training clips, or a stream with known burps, for people who have no recordings yet. */
export const synthesize = defineCommand({
  name: "synthesize",
  summary: "makes burps and other sounds to train on, or a stream with known burps to try things on",
  positionals: {
    name: "clips|stream|picture|fit",
    help:
      "what to make; the picture compares synthetic with recorded burps, and needs Chromium; the fit makes burps " +
      "anew what the listener takes for burps",
    min: 1,
    max: 1,
  },
  options: OPTIONS,
  examples: [
    ["deno task synthesize clips", "data/synthetic/burp-audio and not-burp-audio, to train on"],
    [
      "deno task synthesize stream --minutes 60 --events 100",
      "data/vods/synthetic.wav, its truth and its chat",
    ],
    ["deno task synthesize picture", "data/pictures/burps.png: how they measure beside recorded ones"],
    ["deno task synthesize fit", "fits the burps to the listener again, after a change of the synthesiser"],
  ],
  run: async (context) => {
    const [what] = context.positionals;
    if (what === "clips") return await makeClips(context);
    if (what === "stream") return await makeStream(context);
    if (what === "picture") return await makePicture(context);
    if (what === "fit") {
      // Loaded here: nothing else needs a network.
      const { fitToListener } = await import("tasks/synthesize/fit.ts");
      return await fitToListener(context);
    }
    throw new UsageError(`"${what}" cannot be made, only clips, stream, picture or fit`);
  },
});

type Context = CommandContext<typeof OPTIONS>;

async function makeClips({ options, signal, progress, print, printJson }: Context): Promise<void> {
  const { seed, positives, negatives, output = "data/synthetic" } = options;
  if (!/^[\w-]+$/.test(seed)) {
    throw new UsageError("--seed takes letters, digits, - and _, since file names have it");
  }
  const bar = await progress.start("clips", positives + negatives);
  try {
    const onProgress = (written: number) => bar.update(written);
    await writeTrainingClips(output, { seed, positives, negatives, signal, onProgress });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new Error(`${output} is there already and is left alone; name a new folder with --output`, {
      cause: error,
    });
  }
  print(`${output}: ${counted(positives, "clip")} with a burp, ${negatives} without`);
  print(
    `Train on them: deno task train --positives ${output}/burp-audio --negatives ${output}/not-burp-audio`,
  );
  printJson({ output, positives, negatives });
}

async function makeStream({ options, signal, progress, print, printJson }: Context): Promise<void> {
  const { seed, output = "data/vods/synthetic.wav", events: count, lowest, loudest, force } = options;
  if (lowest > loudest) throw new UsageError("--lowest is above --loudest");
  const durationSeconds = 60 * options.minutes;
  // Harvest reads data/chats: a chat there should have its stream in data/vods.
  const chatFolder = resolve(dirname(output)) === resolve("data/vods") ? "data/chats" : dirname(output);
  const planned = streamFilesOf(output, chatFolder);
  for (const file of force ? [] : [planned.recording, planned.truth, planned.chat!]) {
    if (await exists(file)) {
      throw new Error(`${file} is there already; replace it with --force, or name another with --output`);
    }
  }
  const events = planEvents({ durationSeconds, seed, count, snrDecibels: [lowest, loudest] });
  const stream = synthesizeStream({ durationSeconds, seed, events });
  const bar = await progress.start("stream", durationSeconds, "seconds");
  const onProgress = (seconds: number) => bar.update(seconds);
  const files = await writeStreamFiles(output, stream, {
    seed,
    chatFolder,
    signal,
    onProgress,
  });
  const burps = `${count === 0 ? "no" : count} burp${count === 1 ? "" : "s"}`;
  print(
    count === 0
      ? `${files.recording}: ${options.minutes} min with ${burps}, as ${files.truth} says, to train on ` +
        "(train --background) and to tune on"
      : `${files.recording}: ${options.minutes} min with ${burps}, listed in ${files.truth}`,
  );
  print(`${files.chat}: a chat to it${count === 0 ? "" : ", in which people mention them"}`);
  printJson({ ...files, events: stream.truth });
}

async function makePicture({ options, signal, progress, print, printJson }: Context): Promise<void> {
  const { seed, positives: count, output = "data/pictures/burps.png", force } = options;
  if (!force && await exists(output)) {
    throw new Error(`${output} is there already; replace it with --force, or name another with --output`);
  }
  await Deno.mkdir(dirname(output), { recursive: true });
  const bar = await progress.start("burps", count);
  const onProgress = (measured: number) => bar.update(measured);
  const figure = await drawBurpPicture({ count, seed, signal, onProgress });
  await writeFigurePicture(output, figure, { width: 800, scale: 1.5, signal });
  print(`${output}: ${counted(count, "synthetic burp")} beside recorded ones`);
  printJson({ output, count });
}

if (import.meta.main) await runAsMain(synthesize);
