import assert from "node:assert/strict";
import { createCommandMatcher } from "lib/media/chat/commands.ts";

const count = (command: string, message: string) => createCommandMatcher(command)(message)?.count;

Deno.test("createCommandMatcher() finds the command as a word anywhere, in any case", () => {
  for (const text of ["!burp", "ok !BURP.", "lol !Burp!", "(!burp)", "🤢!burp🤢", "x, !burp"]) {
    assert.equal(count("!burp", text), 1, text);
  }
  for (const text of ["!burps", "x!burp", "burp", "! burp", "!burpcount", "!burp_x", "!burpé", ""]) {
    assert.equal(count("!burp", text), undefined, text);
  }
});

Deno.test("createCommandMatcher() counts", () => {
  assert.equal(count("!burp", "!burp 3"), 3);
  assert.equal(count("!burp", "!burp x2 wow"), 2);
  assert.equal(count("!burp", "!burp +1"), 1);
  assert.equal(count("!burp", "!burp !burp !burp"), 3);
  assert.equal(count("!burp", "!burp 0"), 1);
  assert.equal(count("!burp", "!burp 10:30 was it"), 1);
  assert.equal(count("!burp", "!burp 2024"), 1);
});

Deno.test("createCommandMatcher() takes regular expressions and special characters", () => {
  assert.equal(count("/!(burp|rülps)/", "!RÜLPS"), 1);
  assert.equal(count("/burps? (?<count>\\d+)/", "BURPS 4"), 4);
  assert.equal(count("/(burp)?/", "hello"), undefined);
  assert.equal(count("+burp?", "a +burp? b"), 1);
  assert.equal(count("so gross", "SO   gross"), 1);
  assert.throws(() => createCommandMatcher("/(/"), SyntaxError);
  assert.throws(() => createCommandMatcher("  "), SyntaxError);
});
