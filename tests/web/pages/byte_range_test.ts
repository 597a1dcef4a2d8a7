import assert from "node:assert/strict";
import { parseRange, sendableBytes, sendRange } from "lib/web/pages/byte_range.ts";

Deno.test("parseRange() understands what RFC 9110 allows and takes the rest for no range", () => {
  const cases: [string | null, number, ReturnType<typeof parseRange>][] = [
    [null, 10, "whole"],
    ["bytes=0-3", 10, { start: 0, end: 4 }],
    ["bytes=4-", 10, { start: 4, end: 10 }],
    ["bytes=9-9", 10, { start: 9, end: 10 }],
    ["bytes=5-99", 10, { start: 5, end: 10 }],
    ["bytes=-3", 10, { start: 7, end: 10 }],
    ["bytes=-99", 10, { start: 0, end: 10 }],
    ["BYTES=1-2", 10, { start: 1, end: 3 }],
    ["bytes=10-", 10, "unsatisfiable"],
    ["bytes=99-100", 10, "unsatisfiable"],
    ["bytes=-0", 10, "unsatisfiable"],
    ["bytes=0-", 0, "unsatisfiable"],
    ["bytes=-5", 0, "unsatisfiable"],
    ["bytes=5-2", 10, "whole"],
    ["bytes=-", 10, "whole"],
    ["bytes=", 10, "whole"],
    ["bytes=a-b", 10, "whole"],
    ["bytes=0-1,4-5", 10, "whole"],
    ["items=0-3", 10, "whole"],
    ["bytes=0x0-3", 10, "whole"],
    ["bytes=1-99999999999999999999999", 10, { start: 1, end: 10 }],
  ];
  for (const [header, size, expected] of cases) {
    assert.deepEqual(parseRange(header, size), expected, String(header));
  }
});

const DIGITS = new TextEncoder().encode("0123456789");
const ask = async (headers: Record<string, string>, method = "GET") =>
  await sendRange(
    new Request("http://localhost/", { method, headers }),
    sendableBytes(DIGITS, { type: "audio/wav", etag: '"v1"' }),
  );

Deno.test("sendRange() sends parts with their place, the whole without a range, and 416 behind the end", async () => {
  const part = await ask({ range: "bytes=2-4" });
  assert.deepEqual([part.status, part.headers.get("content-range"), await part.text()], [
    206,
    "bytes 2-4/10",
    "234",
  ]);
  assert.equal(part.headers.get("content-length"), "3");
  const suffix = await ask({ range: "bytes=-2" });
  assert.deepEqual([suffix.headers.get("content-range"), await suffix.text()], ["bytes 8-9/10", "89"]);
  const whole = await ask({});
  assert.deepEqual([whole.status, whole.headers.get("accept-ranges"), await whole.text()], [
    200,
    "bytes",
    "0123456789",
  ]);
  const behind = await ask({ range: "bytes=10-" });
  assert.deepEqual([behind.status, behind.headers.get("content-range")], [416, "bytes */10"]);
});

Deno.test("sendRange() gives a range only of what the browser has the rest of", async () => {
  assert.equal((await ask({ range: "bytes=0-1", "if-range": '"v1"' })).status, 206);
  assert.equal((await ask({ range: "bytes=0-1", "if-range": '"v0"' })).status, 200);
  assert.equal((await ask({ range: "bytes=0-1", "if-range": 'W/"v1"' })).status, 200, "weak tags do not do");
  assert.equal((await ask({ range: "bytes=0-1", "if-range": "Sat, 21 Nov 2026 00:00:00 GMT" })).status, 200);
  assert.equal((await ask({ "if-none-match": '"v0", W/"v1"' })).status, 304);
  assert.equal((await ask({ "if-none-match": '"v0"' })).status, 200);
});

Deno.test("sendRange() answers HEAD like GET without a body, and knows no ranges there", async () => {
  const head = await ask({ range: "bytes=2-4" }, "HEAD");
  assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [200, "10", ""]);
});
