import assert from "node:assert/strict";
import { parseChatTime } from "lib/media/chat/chat_time.ts";

Deno.test("parseChatTime() reads seconds and clock times", () => {
  assert.equal(parseChatTime("83"), 83);
  assert.equal(parseChatTime(" 83.25 "), 83.25);
  assert.equal(parseChatTime("2:03"), 123);
  assert.equal(parseChatTime("1:02:03.5"), 3723.5);
  assert.equal(parseChatTime("75:00"), 4500);
  assert.equal(parseChatTime("26:00:00"), 93600);
});

Deno.test("parseChatTime() rejects what is no time", () => {
  for (const text of ["", "-1", "NaN", "1e9", "1:61:05", "1:2:3:4", "0x10", "12:5x", "∞", "١٢", "5 s"]) {
    assert.throws(() => parseChatTime(text), SyntaxError, text);
  }
});
