import assert from "node:assert/strict";
import { importText, type LabelImportOptions } from "lib/work/review/import_labels.ts";
import { undoLabels } from "lib/learning/dataset/undo_labels.ts";
import { RECORDING, withReview } from "tests/work/review/with_review.ts";

Deno.test("a text is imported once, taken back as a whole, and its errors name it as the user does", () =>
  withReview([], async ({ ledger, labels, options, signal }) => {
    const places = { clips: options.clipsFolder, found: options.foundFolder, beginsWith: undefined };
    const job = (recording: string | undefined): LabelImportOptions => ({
      ledger,
      options: { ...places, event: ["burp"], recording, correct: false, dryRun: false },
      source: labels.source,
      log: { error: assert.fail },
      signal,
    });
    const track = { name: "../my labels.txt", text: "1.0\t2.0\tburp\n3.0\t4.0\tnot-burp\n" };
    const { id, added, known } = await importText(track, job(RECORDING));
    assert.deepEqual([added, known], [2, 0]);
    const again = await importText(track, job(RECORDING));
    assert.deepEqual([again.added, again.known], [0, 2]);
    assert.equal((await undoLabels(ledger, { import: id }, labels.source)).undos.length, 2);
    assert.deepEqual(await ledger.current(), []);
    await assert.rejects(
      importText(track, job(undefined)),
      /^SyntaxError: \.\.\/my labels\.txt: .*which recording/,
    );
  }));
