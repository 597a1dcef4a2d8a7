import assert from "node:assert/strict";
import { ReviewError } from "lib/work/review/review_error.ts";
import { problemOf, withReview } from "tests/work/review/with_review.ts";

Deno.test("an answer that does not know the latest one is a conflict, which says what holds", () =>
  withReview([0, 1], async ({ clips, ledger }) => {
    const { items: [asked], progress } = await clips.queue("ledger");
    assert.deepEqual([progress.total, progress.left], [2, 2]);
    const given = { item: asked!.id, replaces: null };
    const first = await clips.answer({ ...given, id: "answer-1", label: "burp" });
    assert.deepEqual([first.written, first.progress.left], [true, 1]);
    await assert.rejects(clips.answer({ ...given, id: "answer-2", label: "not-burp" }), (error) => {
      assert.ok(error instanceof ReviewError);
      assert.deepEqual([error.problem, error.current?.map(({ id }) => id)], ["conflict", ["answer-1"]]);
      return true;
    });
    const corrected = { ...given, id: "answer-2", label: "not-burp", replaces: "answer-1" };
    assert.equal((await clips.answer(corrected)).written, true);
    assert.equal((await clips.answer(corrected)).written, false, "sent twice, written once");
    assert.deepEqual((await ledger.current()).map(({ label }) => label), ["unsure", "not-burp"]);
  }));

Deno.test("what cannot be answered or taken back says why, and leaves the ledger as it is", () =>
  withReview([0], async ({ clips, ledger }) => {
    const { items: [asked] } = await clips.queue("ledger");
    const given = { item: asked!.id, id: "answer-1", label: "burp", replaces: null };
    assert.equal(await problemOf(clips.answer({ ...given, item: "elsewhere" })), "not-found");
    await clips.answer(given);
    assert.equal(await problemOf(clips.answer({ ...given, label: "skip" })), "id-taken");
    assert.equal(await problemOf(clips.undo(["nothing"])), "not-found");
    const [candidate] = (await ledger.entries()).entries;
    assert.equal(await problemOf(clips.undo([candidate!.id])), "forbidden");
    assert.equal((await ledger.entries()).entries.length, 2);
    const { items, undone } = await clips.undo(["answer-1"]);
    assert.deepEqual([items, undone], [[{ id: asked!.id }], 1]);
  }));

Deno.test("answers of other programs are seen without asking for the queue anew", () =>
  withReview([0, 1], async ({ clips, ledger }) => {
    const { items } = await clips.queue("ledger");
    const [first] = await ledger.current();
    const { onset, offset, recording, clip } = first!;
    const label = { onset, offset, recording, clip: clip!, label: "burp", replaces: first!.id };
    await ledger.append([{ ...label, source: { kind: "person", name: "bob" } }]);
    assert.equal((await clips.item(items[0]!.id)).answer?.source.name, "bob");
    assert.deepEqual((await clips.counts())[0], { source: "ledger", total: 2, left: 1 });
  }));
