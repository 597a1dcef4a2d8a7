import assert from "node:assert/strict";
import { describeTable } from "tasks/bench/table.ts";
import { joinFigures } from "tasks/bench/mentions_section.ts";
import { spread } from "tasks/bench/twelve_clip_model.ts";

Deno.test("describeTable() puts columns under each other, numbers at the right", () => {
  const lines = describeTable({
    section: "mentions",
    title: "a title",
    columns: ["stream", "mentions", "way"],
    rows: [["long name", 7, "x"], ["b", 120, "yz"]],
    missing: ["models"],
  });
  assert.deepEqual(lines, [
    "mentions: a title",
    "  stream     mentions  way",
    "  long name         7  x",
    "  b               120  yz",
    "  not measured: models",
  ]);
});

Deno.test("joinFigures() counts all chats of a stream together", () => {
  const figures = (given: number, right: number, eventsFound: number) => ({
    given,
    right,
    eventsFound,
    precision: NaN,
    recall: NaN,
  });
  assert.deepEqual(joinFigures([figures(10, 5, 4), figures(30, 5, 2)], 6), { precision: 0.25, recall: 0.5 });
});

Deno.test("spread() takes some of many at even distances", () => {
  assert.deepEqual(spread([...Array(10).keys()], 5), [1, 3, 5, 7, 9]);
  assert.deepEqual(spread([1, 2], 5), [1, 2]);
});
