import assert from "node:assert/strict";
import { contradict, findConflicts } from "lib/learning/dataset/label_conflicts.ts";
import type { LabelEntry, NewLabel } from "lib/learning/dataset/label_entry.ts";
import { planImport } from "lib/learning/dataset/plan_import.ts";

const label = (onset: number, offset: number, text: string, more: Partial<NewLabel> = {}): NewLabel => ({
  recording: "r",
  onset,
  offset,
  label: text,
  source: { kind: "import" },
  ...more,
});

const entry = (id: string, ...rest: Parameters<typeof label>): LabelEntry => ({
  ...label(...rest),
  id,
  time: "2026-01-01T00:00:00Z",
});

Deno.test("contradict() is about one event and one place", () => {
  const burp = label(10, 11, "burp");
  assert.ok(contradict(burp, label(10, 11, "not-burp")));
  assert.ok(contradict(burp, label(5, 20, "not-burp")), "a long stretch denies what is in it");
  assert.ok(!contradict(burp, label(10.9, 12, "not-burp")), "neighbours may touch");
  assert.ok(!contradict(burp, label(10, 11, "not-sneeze")));
  assert.ok(!contradict(burp, label(10, 11, "not-burp", { recording: "s" })));
  assert.ok(contradict(burp, label(10, 11, "unsure")));
  assert.ok(!contradict(burp, label(9, 12, "unsure")));
  const copy = (text: string, clip: string) =>
    label(0, 1, text, { recording: clip, clip, provenance: { sha256: "ab" } });
  assert.ok(contradict(copy("burp", "a"), copy("not-burp", "b")), "an exact copy");
});

Deno.test("findConflicts() finds what looking at all pairs finds", () => {
  const entries: LabelEntry[] = [];
  for (let i = 0; i < 120; i++) {
    const onset = (i * 37) % 100;
    const text = i % 3 === 0 ? "not-burp" : i % 7 === 0 ? "unsure" : "burp";
    entries.push(entry(`e${i}`, onset, onset + 0.5 + (i % 11) * 7, text, { recording: `r${i % 2}` }));
  }
  const all = entries.flatMap((b, i) =>
    entries.slice(0, i).filter((a) => contradict(a, b)).map((a) => [a.id, b.id])
  );
  const found = findConflicts(entries).map(([a, b]) => [a.id, b.id]);
  assert.ok(found.length > 20);
  assert.deepEqual(found.map(String).sort(), all.map(String).sort());
});

Deno.test("planImport() adds what is new, once", () => {
  const current = [entry("a", 1, 2, "burp")];
  const plan = planImport(current, [
    label(1.001, 2.004, "burp"),
    label(3, 4, "burp"),
    label(3, 4, "burp"),
    label(1, 2, "not-sneeze"),
  ]);
  assert.deepEqual(plan.add.map(({ onset, label }) => [onset, label]), [[3, "burp"], [1, "not-sneeze"]]);
  assert.deepEqual([plan.known, plan.conflicts.length, plan.corrections], [2, 0, 0]);
});

Deno.test("planImport() lets a person correct a model, and nobody a person", () => {
  const person = { source: { kind: "person" } } as const;
  const current = [
    entry("model", 1, 2, "burp", { source: { kind: "model" } }),
    entry("person", 5, 6, "burp", person),
  ];
  const incoming = [label(1, 2, "not-burp", person), label(5, 6, "not-burp", person)];
  const plan = planImport(current, incoming);
  assert.deepEqual(plan.add.map(({ replaces }) => replaces), ["model"]);
  assert.deepEqual(plan.conflicts.map(({ against }) => "id" in against && against.id), ["person"]);
  assert.deepEqual(
    planImport(current, incoming, { correct: true }).add.map(({ replaces }) => replaces),
    ["model", "person"],
  );
  assert.equal(
    planImport(current, incoming.map((item) => ({ ...item, source: { kind: "import" } }))).add.length,
    0,
  );
});

Deno.test("planImport() adds neither of two new labels that contradict each other", () => {
  const plan = planImport([], [label(1, 2, "burp"), label(1, 2, "not-burp"), label(8, 9, "burp")]);
  assert.deepEqual(plan.add.map(({ onset }) => onset), [8]);
  assert.equal(plan.conflicts.length, 2);
});
