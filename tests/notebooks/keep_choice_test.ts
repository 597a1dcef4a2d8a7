import assert from "node:assert/strict";
import { mayKeep } from "notebooks/keep_choice.ts";

Deno.test("mayKeep() keeps nothing unasked, and nothing over the budget unless told so", () => {
  const cheap = { budget: 12, measured: [["those recordings", 3], ["the unseen recording", 12]] } as const;
  const dear = { budget: 12, measured: [["those recordings", 3], ["the unseen recording", 24]] } as const;
  assert.deepEqual(mayKeep("no", cheap).allowed, false);
  assert.deepEqual(mayKeep("within budget", cheap).allowed, true);
  assert.deepEqual(mayKeep("within budget", dear), {
    allowed: false,
    reason: "Not kept: 24.0 false alarms an hour on the unseen recording are over the budget of 12; " +
      'set keep to "always" to keep it all the same',
  });
  assert.match(mayKeep("always", dear).reason, /^Kept, since keep is "always", though 24\.0 false alarms/);
  assert.match(mayKeep("no", dear).reason, /^Not kept, since keep is "no"; 24\.0/);
});
