import assert from "node:assert/strict";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import type {
  AnswerResult,
  ApiError,
  ClipHints,
  ClipItem,
  History,
  Queue,
  UndoResult,
} from "lib/web/pages/api.ts";
import { hintsOf } from "lib/work/review/clip_hints.ts";
import type { ReviewItem } from "lib/work/review/review_items.ts";
import { addCandidates, TAB, type TestLabeler, withLabeler } from "tests/web/pages/with_labeler.ts";

const withClips = (count: number, use: (labeler: TestLabeler) => Promise<void>) =>
  withLabeler((data, ledger) => addCandidates(data, ledger, count), use);

const answer = (labeler: TestLabeler, item: string, id: string, more: Record<string, unknown> = {}) =>
  labeler.post("/api/answers", { client: TAB, id, item, label: "burp", replaces: null, ...more });

Deno.test("an answer is in the ledger when it is confirmed, with recording, times, clip and what was known", () =>
  withClips(2, async (labeler) => {
    const queue: Queue = await labeler.json("/api/queue?source=ledger");
    assert.deepEqual(queue.progress, { total: 2, answered: 0, left: 2 });
    const item = queue.items[1]!.id;
    const clip: ClipItem = await labeler.json(`/api/clips/${item}`);
    assert.deepEqual(clip.proposed, { onset: 0.3, offset: 0.8 });
    assert.equal(clip.duration, 1);
    assert.ok(!JSON.stringify(clip).includes("0.7654"), "the score stays hidden");
    const response = await answer(labeler, item, "answer-1", { onset: 0.25, offset: 0.9, tookMs: 800 });
    const { written, progress }: AnswerResult = await response.json();
    assert.deepEqual([written, progress.answered, progress.left], [true, 1, 1]);
    const [, , entry] = (await labeler.ledger.entries()).entries;
    assert.equal(entry?.id, "answer-1");
    assert.deepEqual([entry?.recording, entry?.onset, entry?.offset], ["1746376348", 100.25, 100.9]);
    assert.deepEqual([entry?.label, entry?.source.kind, entry?.clip], [
      ...["burp", "person", "clips/burp-candidates/1746376348_1.wav"],
    ]);
    assert.equal(entry?.provenance?.["modelScore"], 0.7654);
    assert.equal((await labeler.ledger.current()).length, 2, "it replaces what was undecided");
    const hints: ClipHints = await labeler.json(`/api/clips/${item}/hints`);
    assert.equal(hints.score, 0.7654);
    assert.match(hints.why.join(" "), /3 messages, the first 4\.2 s after/);
    assert.match(hints.why.join(" "), /The model's score is 0\.765, of at most 1/);
  }));

Deno.test("hints say what is true: what a harvest made of chat's silence is not chat's word, and nothing is sure", () => {
  const about = (label: string, provenance: LabelEntry["provenance"], score?: number) =>
    hintsOf({
      id: "1",
      recording: "show",
      start: 0,
      onset: 1,
      offset: 2,
      score,
      clip: "clips/a.wav",
      entries: [{
        id: "a",
        recording: "show",
        onset: 1,
        offset: 2,
        label,
        at: "2026-01-01T00:00:00.000Z",
        source: { kind: "chat" },
        provenance,
      }],
    } as unknown as ReviewItem).why.join(" ");
  const negative = about("not-burp", {}, 0.99996);
  assert.doesNotMatch(negative, /Chat said|100 %|1\.000/);
  assert.match(negative, /score is 0\.999, .*Nobody in chat named it: it was cut as an example of not-burp/);
  const positive = about("burp", { probability: 0.9987 });
  assert.match(positive, /probability of more than 99 %\. Chat named a burp here/);
  assert.match(about("burp", { probability: 0.42 }), /probability of 42 %/);
  assert.match(about("unsure", {}), /Chat named something near it/);
});

Deno.test("the same answer sent again is written once, also after a restart, and its id stands for nothing else", () =>
  withClips(1, async (labeler) => {
    const [item] = (await labeler.json<Queue>("/api/queue")).items;
    assert.equal((await answer(labeler, item!.id, "answer-1")).status, 200);
    const again: AnswerResult = await (await answer(labeler, item!.id, "answer-1", { kept: true })).json();
    assert.equal(again.written, false);
    await labeler.restart();
    const later: AnswerResult = await (await answer(labeler, item!.id, "answer-1", { kept: true })).json();
    assert.deepEqual([later.written, later.answer.id], [false, "answer-1"]);
    const other = await answer(labeler, item!.id, "answer-1", { label: "not-burp" });
    assert.equal(((await other.json()) as ApiError).error.code, "id-taken");
    assert.equal((await labeler.ledger.entries()).entries.length, 2);
    const queue: Queue = await labeler.json("/api/queue");
    assert.deepEqual(queue.items, [{ id: item!.id, answer: "answer-1", label: "burp" }]);
  }));

Deno.test("a correction names what it corrects; one that does not know the latest answer is a conflict", () =>
  withClips(1, async (labeler) => {
    const [item] = (await labeler.json<Queue>("/api/queue")).items;
    await answer(labeler, item!.id, "answer-1");
    const blind = await answer(labeler, item!.id, "answer-2", { label: "not-burp" });
    assert.equal(blind.status, 409);
    const { error }: ApiError = await blind.json();
    assert.deepEqual([error.code, error.current?.map(({ id }) => id)], ["conflict", ["answer-1"]]);
    const right = await answer(labeler, item!.id, "answer-2", { label: "not-burp", replaces: "answer-1" });
    assert.equal(right.status, 200);
    assert.deepEqual((await labeler.ledger.current()).map(({ id }) => id), ["answer-2"]);
  }));

Deno.test("undo takes answers back one by one to the very first, and is done once however often it is sent", () =>
  withClips(3, async (labeler) => {
    const { items } = await labeler.json<Queue>("/api/queue");
    for (const [i, { id }] of items.entries()) await answer(labeler, id, `answer-${i}`);
    await answer(labeler, items[0]!.id, "answer-9", { label: "not-burp", replaces: "answer-0" });
    await labeler.restart();
    const undo = async (answers: readonly string[]): Promise<UndoResult> =>
      await (await labeler.post("/api/undo", { client: TAB, scope: "clips", answers })).json();
    let { steps } = await labeler.json<History>("/api/history?scope=clips");
    assert.deepEqual(steps.map((step) => step.answers[0]), ["answer-9", "answer-2", "answer-1"]);
    const first = await undo(steps[0]!.answers);
    assert.deepEqual(
      [first.undone, first.items[0]?.answer?.id],
      [1, "answer-0"],
      "what it corrected holds again",
    );
    assert.equal((await undo(["answer-9"])).undone, 0);
    for (const id of ["answer-2", "answer-1", "answer-0"]) await undo([id]);
    ({ steps } = await labeler.json<History>("/api/history?scope=clips"));
    assert.deepEqual(steps, []);
    const queue: Queue = await labeler.json("/api/queue");
    assert.deepEqual(queue.progress.left, 3);
    assert.deepEqual((await labeler.ledger.current()).map(({ label }) => label), [
      "unsure",
      "unsure",
      "unsure",
    ]);
    const unknown = await labeler.post("/api/undo", {
      client: TAB,
      scope: "clips",
      answers: ["nobody-knows"],
    });
    assert.equal(unknown.status, 404);
  }));

Deno.test("labels that other programs write meanwhile are seen, and none of anybody is lost", () =>
  withClips(6, async (labeler) => {
    const { items } = await labeler.json<Queue>("/api/queue");
    const others = openLedger(labeler.ledger.path);
    const bot = async (i: number) =>
      await others.append([{
        recording: "live",
        onset: i,
        offset: i + 1,
        label: "burp",
        source: { kind: "model" },
      }]);
    const responses = await Promise.all(
      items.flatMap(({ id }, i) => [answer(labeler, id, `answer-${i}`), bot(i)]),
    );
    for (const response of responses) if (response instanceof Response) assert.equal(response.status, 200);
    assert.equal((await labeler.ledger.current()).length, 12);
    const clip = (await labeler.ledger.current()).find(({ clip }) => clip?.endsWith("_0.wav"));
    await others.append([{
      recording: "1746376348",
      onset: 0.3,
      offset: 0.8,
      label: "not-burp",
      source: { kind: "person" },
      clip: clip!.clip!,
      replaces: clip!.id,
      id: "somebody-else",
    }]);
    const late = await answer(labeler, items[0]!.id, "answer-late", { replaces: "answer-0" });
    assert.equal(late.status, 409, "somebody else was faster");
    assert.equal((await labeler.json<Queue>("/api/queue")).items[0]?.answer, "somebody-else");
  }));

Deno.test("a second tab is told, cannot answer until it takes over, and then the first one cannot", () =>
  withClips(2, async (labeler) => {
    const { items } = await labeler.json<Queue>("/api/queue");
    const beat = async (client: string, more: Record<string, unknown> = {}): Promise<string> =>
      (await (await labeler.post("/api/heartbeat", { client, scope: "clips", ...more })).json()).lease;
    const second = "tab-number-two";
    assert.deepEqual([await beat(TAB), await beat(second), await beat(TAB)], ["yours", "other", "yours"]);
    const refused = await answer(labeler, items[0]!.id, "answer-1", { client: second });
    assert.equal(((await refused.json()) as ApiError).error.code, "lease");
    assert.equal(await beat(second, { takeOver: true }), "yours");
    assert.equal(await beat(TAB), "other");
    assert.equal((await answer(labeler, items[0]!.id, "answer-1")).status, 409);
    assert.equal(
      (await answer(labeler, items[0]!.id, "answer-1", { kept: true })).status,
      200,
      "given before that",
    );
    await beat(second, { leaving: true });
    assert.equal(await beat(TAB), "yours");
  }));
