import assert from "node:assert/strict";
import { savedNote } from "tasks/tune/saved_note.ts";

Deno.test("savedNote() warns of changes to the models that come with the project only", () => {
  assert.equal(savedNote("models/mine"), "saved in models/mine/manifest.json");
  assert.equal(savedNote("../models/burp"), "saved in ../models/burp/manifest.json");
  for (const dir of ["models/burp", "models/burp/", "./models/base"]) {
    assert.match(
      savedNote(dir),
      /a file of the project itself: .*copy the folder models\/(burp|base) to models\/tuned/,
    );
  }
});
