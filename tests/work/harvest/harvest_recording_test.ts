import assert from "node:assert/strict";
import { join } from "node:path";
import { spansOverlap } from "lib/base/events/time_span.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";
import { hintedSpans, readEvidence } from "lib/work/harvest/chat_evidence.ts";
import { DEFAULT_DELAYS } from "lib/work/harvest/delay_model.ts";
import { DEFAULT_HARVEST, type HarvestSettings } from "lib/work/harvest/harvest_options.ts";
import { type HarvestOutcome, harvestRecording } from "lib/work/harvest/harvest_recording.ts";
import type { ModelScorer } from "lib/work/harvest/model_scorer.ts";
import type { RecordingSound } from "lib/work/harvest/recording_sound.ts";
import { plantStream } from "tests/fakes/planted_stream.ts";
import { listTree } from "tests/work/harvest/folder_tree.ts";
import { plantedRecording } from "tests/work/harvest/planted_recording.ts";

const NAME = "1746376348";

interface Bench {
  readonly folder: string;
  readonly ledgerPath: string;
  harvest(
    sound: RecordingSound,
    chat: readonly ChatMessage[],
    options?: { model?: ModelScorer; settings?: Partial<HarvestSettings> },
  ): Promise<HarvestOutcome>;
}

async function withBench(run: (bench: Bench) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const ledgerPath = join(folder, "labels.jsonl");
  try {
    await run({
      folder,
      ledgerPath,
      async harvest(sound, chat, { model, settings } = {}) {
        const evidence = await readEvidence(chat, { command: "!burp", event: "burp" });
        await Deno.mkdir(join(folder, "reports"), { recursive: true });
        return await harvestRecording(
          { name: NAME, recording: NAME, chatFile: "chat.csv", evidence, open: () => Promise.resolve(sound) },
          {
            settings: { ...DEFAULT_HARVEST, ...settings },
            ledger: openLedger(ledgerPath),
            clipsFolder: join(folder, "clips"),
            recordPath: join(folder, "reports", "record.json"),
            delays: DEFAULT_DELAYS,
            model,
          },
        );
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("harvestRecording() cuts a clip of each mentioned sound, with a label that says where it is from", async () => {
  await withBench(async ({ folder, ledgerPath, harvest }) => {
    const stream = plantStream();
    const { record, added, failed } = await harvest(plantedRecording(stream), stream.chat);
    assert.equal(failed, false);
    assert.deepEqual(record.mentions.map((mention) => mention.outcome), ["found", "found", "found", "found"]);
    assert.equal(added.positives, 4);
    const labels = await openLedger(ledgerPath).current();
    const positives = labels.filter((label) => label.label === "burp");
    for (const [i, { onset, clip, source, recording, provenance }] of positives.entries()) {
      assert(Math.abs(onset - stream.truth[i]!.onset) < 0.3, `${onset}`);
      assert.equal(recording, NAME);
      assert.deepEqual(source, { kind: "chat", name: "harvest", command: "!burp" });
      assert.match(clip!, new RegExp(`^clips/burp-audio/${NAME}_0h\\d\\dm\\d\\ds\\d{3}\\.wav$`));
      const samples = await readSamples(join(folder, clip!), { sampleRate: 16_000 });
      assert(samples.length >= 2 * 16_000 && samples.some((value) => Math.abs(value) > 0.1));
      const { votes, time } = provenance!["mention"] as Record<string, number>;
      assert.equal(votes, 3);
      assert.equal(time, Math.floor(stream.truth[i]!.onset + 5));
      assert.equal(provenance!["rank"], 1);
      assert(Number(provenance!["probability"]) >= DEFAULT_HARVEST.minProbability);
    }
  });
});

Deno.test("harvestRecording() takes negatives loud and quiet, clear of mentions, of positives and of silence", async () => {
  await withBench(async ({ folder, ledgerPath, harvest }) => {
    const silent = [{ start: 96, end: 112 }];
    const stream = plantStream({ silent });
    const slips = [{ time: 220, userName: "dora", message: "!brup" }];
    const chat = [...stream.chat, ...slips, { time: 66, userName: "nightbot", message: "!burp" }];
    const { record, added } = await harvest(plantedRecording(stream), chat);
    assert.equal(added.negatives, 8);
    const evidence = await readEvidence(chat, { command: "!burp", event: "burp" });
    assert.equal(evidence.botCommands, 1);
    // Everybody's messages count here: also the bot's, and a misspelt one.
    assert(evidence.hints.includes(66) && evidence.hints.includes(220));
    const forbidden = [...hintedSpans(evidence.hints, 20, 0), ...silent];
    for (const negative of record.negatives) {
      for (const window of forbidden) assert(!spansOverlap(negative, window), Deno.inspect(negative));
    }
    const lengths = new Set(record.negatives.map(({ start, end }) => Math.round((end - start) * 100)));
    const positives = (await openLedger(ledgerPath).current()).filter((label) => label.label === "burp");
    for (const { clip } of positives) {
      const { length } = await readSamples(join(folder, clip!), { sampleRate: 16_000 });
      assert(lengths.has(Math.round(length / 160)), `${length} samples`);
    }
    const levels = record.negatives.map((negative) => negative.level);
    assert(Math.max(...levels) - Math.min(...levels) > 10, levels.join(", "));
    assert(record.negatives.every(({ clip }) => clip.startsWith(`clips/not-burp-audio/${NAME}_`)));
  });
});

Deno.test("harvestRecording() changes nothing when it is run again, and adds what new messages mention", async () => {
  await withBench(async ({ folder, harvest }) => {
    const stream = plantStream();
    const early = stream.chat.filter((message) => message.time < 100 || !/burp/i.test(message.message));
    const first = await harvest(plantedRecording(stream), early);
    assert.equal(first.added.positives, 2);
    const before = await listTree(folder);
    const recording = plantedRecording(stream);
    const again = await harvest(recording, early);
    assert.deepEqual(again.added, { positives: 0, unsure: 0, negatives: 0 });
    assert.deepEqual(recording.reads, []);
    assert.deepEqual(await listTree(folder), before);

    const more = await harvest(recording, stream.chat);
    assert.equal(more.added.positives, 2);
    assert.equal(more.record.negatives.length, 8);
    const after = await listTree(folder);
    for (const [path, bytes] of before) {
      if (path.endsWith(".wav")) assert.deepEqual(after.get(path), bytes, path);
      if (path === "labels.jsonl") assert(after.get(path)!.startsWith(bytes));
    }
  });
});

Deno.test("harvestRecording() leaves clips alone that a user removed, changed or named so", async () => {
  await withBench(async ({ folder, harvest }) => {
    const stream = plantStream();
    await harvest(plantedRecording(stream), stream.chat);
    const clips = [...(await listTree(folder)).keys()].filter((path) => path.includes("burp-audio"));
    await Deno.remove(join(folder, clips[0]!));
    await Deno.writeTextFile(join(folder, clips[1]!), "mine");
    const before = await listTree(folder);
    await harvest(plantedRecording(stream), stream.chat);
    assert.deepEqual(await listTree(folder), before);
    // Also when the record of the harvest is lost.
    await Deno.remove(join(folder, "reports", "record.json"));
    await Deno.remove(join(folder, "labels.jsonl"));
    const { record } = await harvest(plantedRecording(stream), stream.chat);
    assert.equal(record.mentions.length, 4);
    assert.equal(await Deno.readTextFile(join(folder, clips[1]!)), "mine");
  });
});

Deno.test("harvestRecording() says why a mention gave nothing, and tries again what may work later", async () => {
  await withBench(async ({ harvest }) => {
    const stream = plantStream({ silent: [{ start: 50, end: 85 }] });
    const chat = [...stream.chat, { time: 500, userName: "dora", message: "!burp" }];
    const recording = plantedRecording(stream);
    recording.fail = (window) => window.start > 100 && window.end < 141;
    const first = await harvest(recording, chat);
    assert.equal(first.failed, true);
    const outcomes = Object.fromEntries(first.record.mentions.map(({ time, outcome }) => [time, outcome]));
    assert.deepEqual(outcomes, {
      35: "found",
      80: "muted",
      135: "unavailable",
      195: "found",
      500: "outside",
    });
    assert.match(first.record.mentions[2]!.reason!, /^no sound at/);
    recording.fail = () => false;
    const second = await harvest(recording, chat);
    assert.equal(second.failed, false);
    assert.equal(second.added.positives, 1);
    assert.equal(second.record.mentions[2]!.outcome, "found");
  });
});

Deno.test("harvestRecording() makes one clip of a sound that two bursts of messages are about", async () => {
  await withBench(async ({ ledgerPath, harvest }) => {
    const stream = plantStream({ events: [60], others: [] });
    const chat = [...stream.chat, { time: 76, userName: "late", message: "!burp" }];
    const { record } = await harvest(plantedRecording(stream), chat);
    assert.deepEqual(record.mentions.map((mention) => mention.outcome), ["found", "duplicate"]);
    const labels = await openLedger(ledgerPath).current();
    assert.equal(labels.filter((label) => label.label === "burp").length, 1);
  });
});

Deno.test("harvestRecording() asks a person where it cannot tell, and lets a model decide later", async () => {
  await withBench(async ({ ledgerPath, harvest }) => {
    // Alike, and equally far from the message.
    const stream = plantStream({ events: [60], others: [], delay: 7 });
    const twins = plantStream({ events: [58, 61], others: [], delay: 1000 });
    const recording = plantedRecording(twins);
    const first = await harvest(recording, stream.chat, { settings: { minProbability: 0.8 } });
    assert.deepEqual(first.record.mentions.map((mention) => mention.outcome), ["unsure"]);
    assert.equal(first.added.positives, 0);
    assert(first.added.unsure >= 2);
    const unsure = await openLedger(ledgerPath).current();
    assert(
      unsure.every((label) => label.label === "unsure" && label.clip!.startsWith("clips/burp-candidates/")),
    );

    const model = fakeModel((onset) => Math.abs(onset - 58) < 1 ? 0.99 : 0.01);
    const second = await harvest(recording, stream.chat, { model, settings: { minProbability: 0.8 } });
    assert.deepEqual(second.record.mentions.map((mention) => mention.outcome), ["found"]);
    const [positive] = (await openLedger(ledgerPath).current()).filter((label) => label.label === "burp");
    assert(Math.abs(positive!.onset - 58) < 0.3);
    assert.equal(positive!.replaces, unsure.find((label) => Math.abs(label.onset - 58) < 1)!.id);
    assert.equal(positive!.provenance!["model"], "fake");
    assert.match(positive!.clip!, /^clips\/burp-audio\//);
    const third = await harvest(recording, stream.chat, { model, settings: { minProbability: 0.8 } });
    assert.deepEqual(third.added, { positives: 0, unsure: 0, negatives: 0 });
  });
});

Deno.test("harvestRecording() asks a person about what a model is sure of and nobody mentioned", async () => {
  await withBench(async ({ folder, ledgerPath, harvest }) => {
    const stream = plantStream({ seconds: 330, events: [30, 300], others: [100, 160, 220] });
    // A model that takes every whistle for the sound, and knows the sound.
    const model = fakeModel(
      (onset) => stream.truth.some((event) => Math.abs(onset - event.onset) < 1) ? 0.99 : 0.2,
      [100, 160, 220, 300.1].map((onset) => ({ onset, offset: onset + 0.5, score: 0.95 })),
    );
    const { record, added } = await harvest(plantedRecording(stream), stream.chat, { model });
    const { unmentioned = [], negatives } = record;
    assert.equal(unmentioned.length, 2);
    for (const { start, end, modelScore } of unmentioned) {
      assert([100, 160, 220].some((time) => start <= time && end >= time + 0.5), `${start}`);
      assert.equal(modelScore, 0.95);
    }
    assert.equal(negatives.length, 4);
    for (const { start, end } of negatives) {
      assert(
        [100, 160, 220].every((time) => end <= time || start >= time + 0.5),
        `${start} holds what it hears`,
      );
    }
    const labels = (await openLedger(ledgerPath).current()).filter((label) => label.source.kind === "model");
    assert.deepEqual(labels.map(({ label }) => label), ["unsure", "unsure"]);
    assert(labels.every(({ clip }) => clip!.startsWith("clips/burp-candidates/")));
    assert(added.unsure >= 2);
    const before = await listTree(folder);
    await Deno.remove(join(folder, "reports", "record.json"));
    await harvest(plantedRecording(stream), stream.chat, { model });
    const clips = (tree: Map<string, string>) => [...tree.keys()].filter((path) => path.endsWith(".wav"));
    assert.deepEqual(clips(await listTree(folder)), clips(before), "the same choice comes out again");
  });
});

Deno.test("harvestRecording() takes no negative where the chat says nothing, unless a model vouches for it", async () => {
  // Sounds that nobody typed: in a pause of the chat, and after its end.
  const stream = plantStream({
    seconds: 900,
    events: [60, 240, 420, 700, 760, 820, 870],
    others: [100, 300],
  });
  const isAwake = (time: number) => time < 110 || (time > 380 && time < 640);
  const chat = stream.chat.filter(({ time }) => isAwake(time));
  const silent = [{ start: 110, end: 380 }, { start: 640, end: 900 }];
  await withBench(async ({ harvest }) => {
    const settings = { negativesPerPositive: 10 };
    const { record } = await harvest(plantedRecording(stream), chat, { settings });
    assert(record.negatives.length >= 4, `${record.negatives.length}`);
    for (const negative of record.negatives) {
      for (const window of silent) assert(!spansOverlap(negative, window), Deno.inspect(negative));
    }
  });
  await withBench(async ({ harvest }) => {
    // It hears the sound faintly, as a model does that has not learned it well.
    const peaks = stream.truth.map(({ onset, offset }) => ({ onset, offset, score: 0.2 }));
    const model = fakeModel(() => 0.2, peaks);
    const { record } = await harvest(plantedRecording(stream), chat, {
      model,
      settings: { negativesPerPositive: 30 },
    });
    const vouched = record.negatives.filter((negative) =>
      silent.some((window) => spansOverlap(negative, window))
    );
    assert(vouched.length > 10, `${vouched.length}`);
    for (const { start, end } of vouched) {
      assert(stream.truth.every(({ onset, offset }) => end <= onset || start >= offset), `${start}`);
    }
  });
});

function fakeModel(
  score: (onset: number) => number,
  peaks: readonly { onset: number; offset: number; score: number }[] = [],
): ModelScorer {
  return {
    name: "fake",
    threshold: 0.5,
    modelSha256: "f".repeat(64),
    scoreSound: () => Promise.resolve(({ onset }) => score(onset)),
    findPeaks: (sound, threshold) =>
      Promise.resolve(
        peaks.filter((peak) =>
          peak.score >= threshold && peak.onset >= sound.start &&
          peak.offset <= sound.start + sound.samples.length / 16_000
        ),
      ),
    close: () => Promise.resolve(),
  };
}
