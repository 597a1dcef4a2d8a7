import assert from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "lib/base/system/clock.ts";
import { bandStatistics } from "lib/learning/dataset/clip_measures.ts";
import { type LabelLedger, type NewLabel, openLedger } from "lib/learning/dataset/label_ledger.ts";
import { writePackage } from "lib/learning/model_package/write_package.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import type { Queue } from "lib/web/pages/api.ts";
import { createLabelOrder, type LabelOrder } from "lib/work/review/background_order.ts";
import { createDiskCache } from "lib/base/system/disk_cache.ts";
import { nextClips } from "lib/work/review/next_clips.ts";
import type { ReviewItem } from "lib/work/review/review_items.ts";
import { createFileScope } from "lib/work/review/file_scope.ts";
import type { ClipHearing } from "lib/work/review/clip_hearing.ts";
import { tinyListener } from "tests/learning/listener/tiny_listener.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";
import { withLabeler } from "tests/web/pages/with_labeler.ts";

const RATE = 16_000;

interface TestClip {
  readonly name: string;
  readonly frequency: number;
  readonly label: string;
  readonly score?: number;
  readonly event?: string;
  readonly by?: "person";
}

/** Writes tones, of which no two pitches sound alike, and what the ledger says of them. */
async function writeClips(ledger: LabelLedger, data: string, clips: readonly TestClip[]): Promise<void> {
  const labels: NewLabel[] = [];
  for (const [index, { name, frequency, label, score, event = "burp", by }] of clips.entries()) {
    if (!name.startsWith("gone")) {
      const wave = (_: unknown, n: number) => 0.3 * Math.sin(2 * Math.PI * frequency * n / RATE);
      await writeWav(join(data, name), Float32Array.from({ length: RATE }, wave), { sampleRate: RATE });
    }
    const provenance = { event, ...(score === undefined ? {} : { modelScore: score }) };
    const place = { recording: "1746376348", onset: 10 * index, offset: 10 * index + 1 };
    labels.push({ ...place, label, source: { kind: by ?? "chat" }, clip: name, provenance });
  }
  await ledger.append(labels);
}

const CLIPS: readonly TestClip[] = [
  { name: "yes.wav", frequency: 300, label: "burp" },
  { name: "no.wav", frequency: 3000, label: "not-burp" },
  { name: "sure.wav", frequency: 310, label: "unsure", score: 0.99 },
  { name: "doubtful.wav", frequency: 1000, label: "unsure", score: 0.5 },
  { name: "twin.wav", frequency: 1000, label: "unsure", score: 0.5 },
  { name: "other.wav", frequency: 6000, label: "unsure", score: 0.3 },
  { name: "gone.wav", frequency: 500, label: "unsure", score: 0.5 },
  { name: "cough.wav", frequency: 700, label: "unsure", score: 0.5, event: "cough" },
];

Deno.test("nextClips() asks for what is doubtful and new first, and passes over what is gone or about another sound", () =>
  inTemporaryFolder(async (folder) => {
    const ledger = openLedger(join(folder, "labels.jsonl"));
    await writeClips(ledger, folder, CLIPS);
    const options = {
      events: ["burp"],
      models: [],
      modelsFolder: join(folder, "models"),
      ledger: ledger.path,
      foundFolder: join(folder, "found"),
      cacheFolder: join(folder, "cache"),
    };
    const queue = await nextClips(options);
    const expected = ["doubtful.wav", "other.wav", "twin.wav", "sure.wav"];
    assert.deepEqual(queue.map(({ item }) => item.clip), expected);
    const [first, , twin] = queue;
    assert.equal(first!.item.media.path, join(folder, "doubtful.wav"));
    assert.deepEqual(first!.worth.scores, [0.5]);
    assert(first!.worth.novelty > 0.5 && twin!.worth.novelty < 0.01);
    assert.equal((await nextClips({ ...options, count: 2 })).length, 2);
    // What was heard is kept, and is the same.
    assert.deepEqual((await nextClips(options)).map(({ item }) => item.clip), expected);
  }));

/** An order of the clips of a ledger by a hearing of one's own. */
async function withOrder(
  hearing: () => Promise<ClipHearing>,
  use: (order: LabelOrder, items: readonly ReviewItem[]) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const ledger = openLedger(join(folder, "labels.jsonl"));
    await writeClips(ledger, folder, CLIPS);
    const cache = createDiskCache(join(folder, "cache"), 1e6);
    const order = createLabelOrder({
      ledger,
      events: ["burp"],
      hearing,
      cache,
      scope: createFileScope({ folders: [folder] }),
      // Nobody waits.
      clock: { ...systemClock, sleep: () => Promise.resolve() },
      signal: new AbortController().signal,
    });
    const items = CLIPS.filter(({ label, event }) => label === "unsure" && !event).map((
      { name, score },
    ): ReviewItem => ({
      id: name,
      sources: ["ledger"],
      media: { path: join(folder, name) },
      clip: name,
      recording: "1746376348",
      start: 0,
      onset: 0,
      offset: 1,
      score: score!,
      entries: [],
    }));
    await use(order, items);
    await order.close();
    await cache.flush();
  });
}

/** The order once sounds have been compared. */
async function final(order: LabelOrder, items: readonly ReviewItem[]): Promise<readonly ReviewItem[]> {
  for (;;) {
    const found = await order.now(items);
    if (!found.comparing) return found.items;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const asking = (score: (hertz: number) => readonly number[]): ClipHearing => ({
  id: "two models",
  models: 2,
  close: () => Promise.resolve(),
  hear: (samples) => {
    const crossings = samples.filter((value, i) => i > 0 && value >= 0 && samples[i - 1]! < 0).length;
    return Promise.resolve({ embedding: bandStatistics(samples), scores: score(crossings) });
  },
});

Deno.test("the order asks the models that it is given, and puts first what they disagree about", () =>
  withOrder(
    () => Promise.resolve(asking((hertz) => [0.05, hertz > 5000 ? 0.95 : 0.05])),
    async (order, items) => {
      const [[id, first] = ["", undefined], ...others] = await order.worth(items);
      assert.equal(id, "other.wav");
      assert.deepEqual(first?.scores.map((score) => score.toFixed(2)), ["0.05", "0.95"]);
      assert.equal(others.length, 3);
    },
  ));

Deno.test("the order answers at once by kept scores while sounds are compared, and says how far that is", async () => {
  const opened = Promise.withResolvers<ClipHearing>();
  await withOrder(() => opened.promise, async (order, items) => {
    const before = await order.now(items);
    assert.deepEqual(before.items.map(({ id }) => id), [
      ...["doubtful.wav", "twin.wav", "gone.wav", "other.wav", "sure.wav"],
    ]);
    assert.deepEqual(before.comparing, { done: 0, total: 0 });
    opened.resolve(asking((hertz) => hertz > 5000 ? [0.5, 0.5] : [0.1, 0.1]));
    const [first, ...others] = await final(order, items);
    assert.equal(first?.id, "other.wav");
    // What cannot be heard comes last of what nobody knows.
    assert.equal(others.at(-1)?.id, "gone.wav");
  });
});

Deno.test("the order tells whoever asks why sounds cannot be compared", () =>
  withOrder(() => Promise.reject(new RangeError("no such model")), async (order, items) => {
    await assert.rejects(final(order, items), /no such model/);
  }));

Deno.test("label queue and the page give the same order, by what the listener hears, unknown clips before known ones", () =>
  inTemporaryFolder(async (models) => {
    const { content } = tinyListener();
    await writePackage(join(models, "listener"), content);
    const clips = [
      ...CLIPS.map((clip, i): TestClip => i < 2 ? { ...clip, by: "person" } : clip),
      ...[200, 2000, 5000].map((frequency, i): TestClip => ({
        name: `no${i}.wav`,
        frequency,
        label: "not-burp",
      })),
      ...[250, 450, 900, 1800, 3600, 7000].map((frequency, i): TestClip => ({
        name: `more${i}.wav`,
        frequency,
        label: "unsure",
        score: 0.4 + i / 100,
      })),
    ];
    let data = "";
    await withLabeler(async (folder, ledger) => {
      await writeClips(ledger, data = folder, clips);
      const answered = clips.findIndex(({ name }) => name === "more5.wav");
      const [entry] = (await ledger.current()).filter(({ clip }) => clip === clips[answered]!.name);
      const { recording, onset, offset, clip } = entry!;
      await ledger.append([{
        recording,
        onset,
        offset,
        clip: clip!,
        label: "not-burp",
        replaces: entry!.id,
        source: { kind: "person" },
      }]);
    }, async ({ json, ledger, root }) => {
      let queue: Queue;
      do queue = await json<Queue>("/api/queue?source=queue"); while (queue.comparing);
      const { items, progress } = queue;
      const options = {
        events: ["burp"],
        ledger: ledger.path,
        modelsFolder: models,
        models: [],
        foundFolder: join(data, "found"),
        cacheFolder: join(root, "other-cache"),
      };
      const order = (await nextClips(options)).map(({ item }) => item.id);
      assert.equal(order.length, 9);
      // One of which the sound is gone is not in the command's list.
      assert.deepEqual(items.slice(0, order.length).map(({ id }) => id), order);
      assert.deepEqual(items.map(({ answer }) => answer !== undefined).lastIndexOf(false), progress.left - 1);
      const byBands = await nextClips({ ...options, modelsFolder: join(root, "no models") });
      assert.notDeepEqual(byBands.map(({ item }) => item.id), order, "the listener's order is its own");
    }, { modelsFolder: models, models: [] });
  }));
