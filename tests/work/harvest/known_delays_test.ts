import assert from "node:assert/strict";
import type { LabelEntry } from "lib/learning/dataset/label_ledger.ts";
import { knownDelays } from "lib/work/harvest/known_delays.ts";

const label = (onset: number, changes: Partial<LabelEntry> = {}): LabelEntry => ({
  id: `id-${onset}`,
  time: "2026-01-01T00:00:00.000Z",
  recording: "1",
  onset,
  offset: onset + 0.5,
  label: "burp",
  source: { kind: "person" },
  ...changes,
});

const mention = (...times: number[]) => ({
  time: times[0]!,
  lastTime: times.at(-1)!,
  times,
  votes: times.length,
  count: 1,
});

Deno.test("knownDelays() takes the delays of everybody after each sound that a person labelled", () => {
  const mentions = [mention(105, 107), mention(130), mention(200)];
  const labels = [
    label(90), // the mention belongs to the sound that came later
    label(100),
    label(125, { source: { kind: "chat" } }),
    label(128, { label: "not-burp" }),
    label(179),
    label(196, { source: { kind: "import" } }),
    label(10, { recording: "2" }),
  ];
  const delays = knownDelays(labels, (id) => id === "1" ? mentions : undefined, {
    event: "burp",
    lookBack: 20,
  });
  assert.deepEqual(delays, [4.5, 5.5, 7.5]);
});
