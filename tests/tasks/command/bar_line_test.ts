import assert from "node:assert/strict";
import { barLine, type BarState } from "tasks/command/bar_line.ts";
import { fitText, textWidth } from "tasks/command/text_width.ts";

const search: BarState = {
  label: "stream",
  value: 3600,
  total: 7200,
  unit: "seconds",
  note: "12 events",
  elapsedMs: 40_000,
};

Deno.test("barLine() says how much is done, what was found, how fast and how long it takes", () => {
  assert.equal(
    barLine(search, 100),
    `stream ${"█".repeat(15)}${"░".repeat(15)} 50 % | 12 events | 90 × real time | 0:40 left`,
  );
  const download = { label: "wheel", value: 137e6, total: 274e6, unit: "bytes", note: "", elapsedMs: 10_000 };
  assert.match(barLine({ ...search, ...download, unit: "bytes" }, 100), /50 % \| 13\.7 MB\/s \| 0:10 left$/);
});

Deno.test("barLine() says how much there was where nobody knows the whole", () => {
  assert.match(barLine({ ...search, total: 0 }, 100), /^stream 1:00:00 done \| 12 events \| 90 × real time$/);
  assert.match(barLine({ ...search, total: 0, unit: "bytes", value: 5e6, note: "" }, 100), /^stream 5\.0 MB/);
});

Deno.test("barLine() is never longer than the line, whatever the name and the width", () => {
  const names = [
    "a",
    "stream",
    "x".repeat(300),
    "配信".repeat(60),
    "e\u0301".repeat(90),
    "👩‍👩‍👧 burp".repeat(30),
    "a\x1b[2Jb\n",
  ];
  for (const label of names) {
    for (const total of [0, 7200]) {
      for (let width = 0; width <= 200; width++) {
        const line = barLine({ ...search, label, total }, width);
        assert.ok(textWidth(line) <= width, `${width}: ${line}`);
        assert.doesNotMatch(line, /\p{Cc}/u);
      }
    }
  }
});

Deno.test("barLine() keeps the share and a part of the name on a narrow terminal", () => {
  const line = barLine({ ...search, label: "a long recording of a stream" }, 24);
  assert.match(line, /^a long.*…/);
  assert.match(line, /50 %/);
});

Deno.test("textWidth() counts wide letters twice and marks not at all, and fitText() cuts between letters", () => {
  assert.deepEqual(["abc", "配信", "e\u0301", "👍"].map(textWidth), [3, 4, 1, 2]);
  assert.equal(fitText("stream", 6), "stream");
  assert.equal(fitText("stream", 4), "str…");
  assert.equal(fitText("配信者", 4), "配…");
});
