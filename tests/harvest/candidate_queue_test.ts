import assert from "node:assert/strict";
import { join } from "node:path";
import { writeWav } from "lib/audio/wav_writer.ts";
import { type NewLabel, openLedger } from "lib/dataset/label_ledger.ts";
import { queueCandidates } from "lib/harvest/candidate_queue.ts";

const RATE = 16_000;

/** A tone, of which no two pitches sound alike. */
function tone(frequency: number): Float32Array {
  return Float32Array.from({ length: RATE }, (_, n) => 0.3 * Math.sin(2 * Math.PI * frequency * n / RATE));
}

async function withLedger(
  clips: readonly { name: string; frequency: number; label: string; score?: number; event?: string }[],
  check: (ledger: ReturnType<typeof openLedger>, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const ledger = openLedger(join(folder, "labels.jsonl"));
    const labels: NewLabel[] = [];
    for (const [index, { name, frequency, label, score, event = "burp" }] of clips.entries()) {
      if (!name.startsWith("gone")) await writeWav(join(folder, name), tone(frequency), { sampleRate: RATE });
      const provenance = { event, ...(score === undefined ? {} : { modelScore: score }) };
      const place = { recording: "1746376348", onset: 10 * index, offset: 10 * index + 1 };
      labels.push({ ...place, label, source: { kind: "chat" }, clip: name, provenance });
    }
    await ledger.append(labels);
    await check(ledger, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const CLIPS = [
  { name: "yes.wav", frequency: 300, label: "burp" },
  { name: "no.wav", frequency: 3000, label: "not-burp" },
  { name: "sure.wav", frequency: 310, label: "unsure", score: 0.99 },
  { name: "doubtful.wav", frequency: 1000, label: "unsure", score: 0.5 },
  { name: "twin.wav", frequency: 1000, label: "unsure", score: 0.5 },
  { name: "other.wav", frequency: 6000, label: "unsure", score: 0.3 },
  { name: "gone.wav", frequency: 500, label: "unsure", score: 0.5 },
  { name: "cough.wav", frequency: 700, label: "unsure", score: 0.5, event: "cough" },
];

Deno.test("queueCandidates() asks for what is doubtful and new first, and passes over what is gone or about another sound", () =>
  withLedger(CLIPS, async (ledger, folder) => {
    const queue = await queueCandidates(ledger, { event: "burp" });
    assert.deepEqual(queue.map(({ entry }) => entry.clip), [
      "doubtful.wav",
      "other.wav",
      "twin.wav",
      "sure.wav",
    ]);
    const [first, , twin] = queue;
    assert.equal(first!.path, join(folder, "doubtful.wav"));
    assert.deepEqual(first!.scores, [0.5]);
    assert(first!.novelty > 0.5 && twin!.novelty < 0.01);
    assert.equal((await queueCandidates(ledger, { event: "burp", count: 2 })).length, 2);
  }));

Deno.test("queueCandidates() asks the models that it is given, and puts first what they disagree about", () =>
  withLedger(CLIPS, async (ledger) => {
    const says = (score: (length: number) => number) => ({
      scoreSound: ({ samples }: { readonly samples: Float32Array }) =>
        Promise.resolve(({ offset }: { readonly offset: number }) => {
          assert.equal(offset, samples.length / RATE);
          const crossings = samples.reduce(
            (n, value, i) => n + Number(i > 0 && value >= 0 && samples[i - 1]! < 0),
            0,
          );
          return score(crossings);
        }),
    });
    const models = [says(() => 0.05), says((hertz) => hertz > 5000 ? 0.95 : 0.05)];
    const [first, ...others] = await queueCandidates(ledger, { event: "burp", models });
    assert.equal(first!.entry.clip, "other.wav");
    assert.deepEqual(first!.scores, [0.05, 0.95]);
    assert(others.every(({ disagreement }) => disagreement === 0));
  }));
