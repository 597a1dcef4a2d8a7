/**
 * Data of one's own for each notebook, and how somebody changes the first cell to use it. Nothing else of a notebook may
 * have to be changed.
 */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { writeDemoStream } from "lib/learning/synthesis/demo_stream.ts";
import { writeTrainingClips } from "lib/learning/synthesis/training_clips.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { harvestLocal } from "lib/work/harvest/harvest_local.ts";

/** Somebody's data. */
interface OwnData {
  /** Writes it below `data` of a copy of the project. */
  prepare(root: string): Promise<unknown>;
  /** What is changed in the first cell, and what it becomes. */
  readonly edits: readonly (readonly [from: string, to: string])[];
  /** Files of one's own that must stay as they are. */
  readonly kept?: readonly string[] | undefined;
  /** What titles hold of the demo, and what they hold instead. */
  readonly titles?: OwnData["edits"] | undefined;
}

/** Changes the first cell. @throws {RangeError} when it does not hold what is to be changed. */
export function withEdits(source: string, edits: OwnData["edits"]): string {
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new RangeError(`The first cell does not hold ${from}`);
    return text.replace(from, to);
  }, source);
}

const STREAM = { seconds: 120, events: 6 } as const;
const stream = (root: string, seed: string) => writeDemoStream(join(root, "data"), { ...STREAM, seed });
const recordingOf = (seed: string) => `data/vods/${seed}-${STREAM.seconds}s-${STREAM.events}.wav`;
const chatOf = (seed: string) => `data/chats/twitch-chat-${seed}-${STREAM.seconds}s-${STREAM.events}.csv`;
const OWN = ["const demo = true", "const demo = false"] as const;

/** Expected outputs of the demo, as they are for one's own data. */
export function ownOutputs(outputs: readonly string[], { titles = [] }: OwnData): string[] {
  return outputs.map((output) => titles.reduce((text, [from, to]) => text.replace(from, to), output));
}

/** By the notebook's name, without its ending. */
export const OWN_DATA: Readonly<Record<string, OwnData>> = {
  "01_harvest": {
    prepare: (root) => stream(root, "own"),
    edits: [
      OWN,
      ["data/vods/1746376348.mkv", recordingOf("own")],
      ["data/chats/twitch-chat-1746376348.csv", chatOf("own")],
    ],
    titles: [["demo-300s-7", "own-120s-6"]],
  },
  "02_label": {
    async prepare(root) {
      const { recording, chat } = await stream(root, "own");
      await harvestLocal({ recording, chat, data: join(root, "data"), model: "models/burp" });
    },
    edits: [OWN],
  },
  "03_train": {
    prepare: (root) => writeBeeps(join(root, "data", "clips")),
    edits: [OWN, [`event = "burp"`, `event = "beep"`]],
    titles: [["burp", "beep"]],
  },
  "04_tune_threshold": {
    async prepare(root) {
      for (const seed of ["a", "b", "c"]) await stream(root, seed);
      await cp(join(root, "models", "burp"), join(root, "data", "mine"), { recursive: true });
    },
    edits: [
      OWN,
      ["models/mine", "data/mine"],
      ["data/vods/b.m4a", recordingOf("c")],
      [`"data/vods/a.m4a"`, `"${recordingOf("a")}", "${recordingOf("b")}"`],
    ],
    // Nobody has said that the choice may be kept.
    kept: ["data/mine/manifest.json"],
  },
  "05_review_errors": {
    prepare: (root) =>
      writeTrainingClips(join(root, "data", "clips"), { seed: "own", positives: 12, negatives: 16 }),
    edits: [OWN],
  },
  "06_bot_replay": {
    prepare: (root) => stream(root, "own"),
    edits: [
      OWN,
      ["data/vods/1746376348.mkv", recordingOf("own")],
      ["data/chats/twitch-chat-1746376348.csv", chatOf("own")],
    ],
    titles: [["demo-stream", "own-120s-6"]],
  },
  "10_separation": {
    prepare: (root) => stream(root, "own"),
    edits: [OWN, ["data/vods/1746376348.mkv", recordingOf("own")]],
    titles: [["talk.wav", "own-120s-6.wav"]],
  },
};

/** Beeps, and hisses as the other sounds, each of a recording of its own. */
async function writeBeeps(clips: string): Promise<void> {
  const sampleRate = 16_000;
  const random = createRandom("beeps");
  for (const label of ["beep", "not-beep"]) {
    await Deno.mkdir(join(clips, `${label}-audio`), { recursive: true });
    for (let i = 0; i < 16; i++) {
      const frequency = 700 + 50 * i;
      const samples = Float32Array.from(
        { length: sampleRate / 2 },
        (_, n) =>
          label === "beep" ? 0.3 * Math.sin(2 * Math.PI * frequency * n / sampleRate) : 0.1 * random.normal(),
      );
      const name = `${label}-${String.fromCharCode(97 + i)}.wav`;
      await writeWav(join(clips, `${label}-audio`, name), samples, { sampleRate });
    }
  }
}
