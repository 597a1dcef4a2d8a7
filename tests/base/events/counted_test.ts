import assert from "node:assert/strict";
import { counted } from "lib/base/events/counted.ts";

Deno.test("counted() takes the plural for all numbers but one", () => {
  assert.deepEqual([0, 1, 2].map((count) => counted(count, "recording")), [
    "0 recordings",
    "1 recording",
    "2 recordings",
  ]);
  assert.equal(counted(2, "person", "people"), "2 people");
});
