import assert from "node:assert/strict";
import { hintedSpans, readEvidence } from "lib/work/harvest/chat_evidence.ts";

const say = (time: number, message: string, userName = "anna") => ({ time, message, userName });

Deno.test("readEvidence() counts people's commands as mentions, and takes every hint at the sound down", async () => {
  const chat = [
    say(10, "!burp"),
    say(12, "!BURP 2", "ben"),
    say(40, "!bupr"),
    say(60, "what a Burp that was"),
    say(80, "!burp", "nightbot"),
    say(95, "[bot] that was number 3", "mybot"),
    say(96, "!burp", "mybot"),
    say(99, "!birb is cute, and so is !bump"),
    say(120, "hello"),
  ];
  const evidence = await readEvidence(chat, { command: "!burp", event: "burp" });
  assert.deepEqual(evidence.mentions.map(({ time, votes, count }) => ({ time, votes, count })), [
    { time: 10, votes: 2, count: 2 },
  ]);
  assert.deepEqual([evidence.messages, evidence.commands, evidence.botCommands], [9, 4, 2]);
  // Two letters of a word of five may be wrong, and no more than one of its neighbours is worth a mistake.
  assert.deepEqual(evidence.hints, [10, 12, 40, 60, 80, 96, 99]);
  assert.equal(evidence.lastMessage, 120);
  assert.deepEqual(evidence.silences, [{ start: 120, end: Infinity }]);
});

Deno.test("readEvidence() drops bots that are named, and takes regular expressions", async () => {
  const chat = [say(10, "burp!!", "helper"), say(50, "BURRRP", "anna"), say(70, "!drink")];
  const evidence = await readEvidence(chat, { command: "/bur+p/", event: "belch", bots: ["@Helper"] });
  assert.deepEqual(evidence.mentions.map((mention) => mention.time), [50]);
  assert.deepEqual(evidence.hints, [10, 50]);
});

Deno.test("hintedSpans() covers what may come before each hint", () => {
  assert.deepEqual(hintedSpans([10, 25, 100], 20), [{ start: 0, end: 28 }, { start: 78, end: 103 }]);
});
