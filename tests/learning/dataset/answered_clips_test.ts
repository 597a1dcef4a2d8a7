import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { applyAnswers } from "lib/learning/dataset/answered_clips.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import type { NewLabel } from "lib/learning/dataset/label_entry.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { labelledParts } from "lib/learning/dataset/labelled_part.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const RATE = 16_000;
const PERSON = { kind: "person", name: "ann" } as const;

function noise(seed: number, seconds: number): Float32Array<ArrayBuffer> {
  const random = createRandom(seed);
  return Float32Array.from(
    { length: seconds * RATE },
    () => Math.round(3000 * random.uniform(-1, 1)) / 32768,
  );
}

Deno.test("answers count for more than folders, and are read wherever their sound lies", () =>
  inTemporaryFolder(async (data) => {
    const ledger = openLedger(join(data, "labels.jsonl"));
    const clip = (folder: string, name: string, seed: number): Clip => ({
      name,
      path: join(data, folder, name),
      group: "first",
      samples: noise(seed, 1),
    });
    const burps = ["a", "b", "c", "d"].map((name, i) => ({
      ...clip("burp-audio", `${name}.wav`, i),
      event: "burp",
    }));
    const others = ["e", "f"].map((name, i) => clip("not-burp-audio", `${name}.wav`, 10 + i));
    await Deno.mkdir(join(data, "found"));
    await writeWav(join(data, "found", "g.wav"), noise(20, 1), { sampleRate: RATE });
    // The same sound as one of the folder, whose answer names another place.
    await writeWav(join(data, "found", "copy.wav"), burps[3]!.samples.subarray(), { sampleRate: RATE });
    await Deno.mkdir(join(data, "vods"));
    await writeWav(join(data, "vods", "1746376348.wav"), noise(30, 20), { sampleRate: RATE });
    const about = (path: string, label: string, source: NewLabel["source"] = PERSON): NewLabel => ({
      ...{
        recording: "1746376348",
        onset: 3,
        offset: 4,
        label,
        source,
        clip: ledger.clipName(join(data, path)),
      },
    });
    await ledger.append([
      about("burp-audio/a.wav", "not-burp"),
      about("burp-audio/b.wav", "unsure"),
      about("burp-audio/c.wav", "not-burp", { kind: "model", name: "one" }),
      about("not-burp-audio/e.wav", "burp"),
      about("not-burp-audio/f.wav", "cough"),
      about("found/g.wav", "burp"),
      about("found/copy.wav", "not-burp"),
      about("found/gone.wav", "burp"),
      { recording: "1746376348", onset: 10, offset: 10.5, label: "burp", source: PERSON },
      { recording: "1746376349", onset: 10, offset: 10.5, label: "burp", source: PERSON },
      { recording: "1746376348", onset: 0, offset: 3600, label: "not-burp", source: PERSON },
      { recording: "1746376348", onset: 12, offset: 12.5, label: "cough", source: PERSON },
    ]);
    const answered = await applyAnswers(
      { events: [{ event: "burp", positives: burps }], negatives: others },
      ledger,
      {
        current: await ledger.current(),
        vodsFolder: join(data, "vods"),
        sampleRate: RATE,
      },
    );
    assert.deepEqual(
      answered.events[0]!.positives.map(({ name, event }) => `${event} ${name}`),
      [
        "burp c.wav",
        "burp e.wav",
        "burp g.wav",
        "burp 1746376348_00003.000.wav",
        "burp 1746376348_00010.000.wav",
      ],
    );
    assert.deepEqual(answered.negatives.map(({ name }) => name), ["a.wav", "f.wav", "copy.wav"]);
    const { added, moved, left, missing } = answered;
    assert.deepEqual([added, moved, left, missing.map(({ recording }) => recording)], [3, 3, 1, [
      "1746376349",
    ]]);
    const [, , , , cut] = answered.events[0]!.positives;
    assert.equal(cut!.group, "1746376348");
    assert.deepEqual(cut!.samples, noise(30, 20).slice(9.9 * RATE, 10.6 * RATE));
  }));

Deno.test("labelledParts() keeps the sound that the label is about", () => {
  const ledger = openLedger("data/labels.jsonl");
  const samples = Float32Array.from({ length: 2 * RATE }, (_, n) => n);
  const clip = (name: string): Clip => ({ name, path: `data/clips/${name}`, group: "g", samples });
  const entry = (name: string, onset: number, offset: number, provenance?: { clipStart: number }) => ({
    ...{
      id: name,
      time: "2026-01-01T00:00:00Z",
      recording: "r",
      onset,
      offset,
      label: "burp",
      source: PERSON,
    },
    clip: `clips/${name}`,
    ...(provenance && { provenance }),
  });
  const parts = labelledParts(["long", "short", "unknown", "none", "far"].map(clip), ledger, {
    sampleRate: RATE,
    current: [
      entry("long", 100.8, 101.4, { clipStart: 100 }),
      entry("short", 50.5, 50.52, { clipStart: 50 }),
      entry("unknown", 30, 31),
      entry("far", 900, 901, { clipStart: 10 }),
    ],
  });
  const seconds = parts.map(({ samples }) => [samples.subarray()[0]! / RATE, samples.length / RATE]);
  const near = (actual: readonly number[], wanted: readonly number[]) =>
    assert(actual.every((value, i) => Math.abs(value - wanted[i]!) < 0.001), `${actual} for ${wanted}`);
  near(seconds[0]!, [0.7, 0.8]);
  near(seconds[1]!, [0.36, 0.3]);
  for (const whole of seconds.slice(2)) near(whole, [0, 2]);
});
