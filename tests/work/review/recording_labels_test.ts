import assert from "node:assert/strict";
import { listCandidates, listRegions, undoRegions, writeRegions } from "lib/work/review/recording_labels.ts";
import { problemOf, RECORDING, withReview } from "tests/work/review/with_review.ts";

Deno.test("regions end with the recording, are corrected together and taken back together", () =>
  withReview([], async (review) => {
    const [file] = await review.recordings.list();
    const recording = { file: file!, duration: 3 };
    const region = (id: string, onset: number, offset: number, replaces: string | null = null) => {
      return { id, onset, offset, label: "burp", replaces };
    };
    const first = [region("region-1", 0.1234, 1), region("region-2", 2, 9)];
    const { regions, written } = await writeRegions(recording, review.labels, first);
    assert.equal(written, true);
    assert.deepEqual(regions.map(({ onset, offset }) => [onset, offset]), [[0.123, 1], [2, 3]]);
    assert.equal((await review.ledger.current())[0]!.recording, RECORDING);
    const moved = [region("region-3", 0, 1.5, "region-1"), region("region-4", 1.5, 3, "region-2")];
    await writeRegions(recording, review.labels, moved);
    const again = [region("region-5", 0, 1, "region-1")];
    assert.equal(await problemOf(writeRegions(recording, review.labels, again)), "conflict");
    assert.equal((await undoRegions(review, file!.id, ["region-3", "region-4"])).undone, 2);
    assert.deepEqual((await listRegions(review, file!)).regions.map(({ id }) => id), [
      "region-1",
      "region-2",
    ]);
    assert.equal(await problemOf(undoRegions(review, "elsewhere", ["region-1"])), "not-found");
    // A region that was corrected twice goes with all that it was, and no other goes with it.
    await writeRegions(recording, review.labels, [region("region-6", 0, 1.2, "region-1")]);
    await writeRegions(recording, review.labels, [region("region-7", 0, 1.4, "region-6")]);
    const { undone } = await undoRegions(review, file!.id, ["region-7"], { withCorrected: true });
    assert.equal(undone, 3);
    assert.deepEqual((await listRegions(review, file!)).regions.map(({ id }) => id), ["region-2"]);
  }));

Deno.test("what chat is not sure of is a candidate, done once a person has labelled its place", () =>
  withReview([0, 2], async (review) => {
    const [file] = await review.recordings.list();
    const about = { names: file!.names, events: ["burp"] };
    const done = async () =>
      (await listCandidates(review.ledger, [], about)).candidates.map((candidate) => candidate.done);
    assert.deepEqual((await listRegions(review, file!)).regions, []);
    assert.deepEqual(await done(), [false, false]);
    const label = { id: "region-1", onset: 2.2, offset: 2.4, label: "not-burp", replaces: null };
    await writeRegions({ file: file!, duration: 3 }, review.labels, [label]);
    assert.deepEqual(await done(), [false, true]);
  }));
