import assert from "node:assert/strict";
import { createBotFilter } from "lib/media/chat/bots.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";
import { createCommandMatcher } from "lib/media/chat/commands.ts";
import { findMentions } from "lib/media/chat/mentions.ts";

const burp = createCommandMatcher("!burp");
const say = (time: number, userName: string, message = "!burp"): ChatMessage => ({ time, userName, message });

Deno.test("findMentions() merges a burst of people into one mention with a vote each", async () => {
  const { mentions, commands, messages } = await findMentions(
    [say(10, "a"), say(11, "b", "lol"), say(14, "b", "!burp 2"), say(15, "A"), say(40, "a"), say(12, "c")],
    burp,
  );
  assert.deepEqual(mentions, [
    { time: 10, lastTime: 15, times: [10, 12, 14], votes: 3, count: 2 },
    { time: 40, lastTime: 40, times: [40], votes: 1, count: 1 },
  ]);
  assert.deepEqual([messages, commands], [6, 5]);
});

Deno.test("findMentions() cuts a chat that never stops", async () => {
  const flood = Array.from({ length: 30 }, (_, i) => say(i * 2, `u${i}`));
  const { mentions } = await findMentions(flood, burp, { mergeGap: 6, maxDuration: 15 });
  assert.deepEqual(mentions.map((mention) => mention.time), [0, 16, 32, 48]);
  assert.equal(mentions.reduce((sum, mention) => sum + mention.votes, 0), 30);
});

Deno.test("findMentions() counts people without a name one by one", async () => {
  const { mentions } = await findMentions(
    [{ time: 1, message: "!burp" }, { time: 2, message: "!burp" }],
    burp,
  );
  assert.equal(mentions[0]!.votes, 2);
});

Deno.test("findMentions() hears no bots, known, named or found out by their announcement", async () => {
  const isBot = createBotFilter({ bots: ["@MyBot"] });
  const { mentions, botCommands } = await findMentions(
    [
      say(5, "StreamElements", "somebody said !burp"),
      say(6, "mybot"),
      say(7, "secretbot"), // not known yet: nothing tells it from a person
      say(50, "secretbot", "[bot] detected burp"),
      say(51, "SecretBot"),
    ],
    burp,
    { isBot },
  );
  assert.deepEqual(mentions.map((mention) => mention.time), [7]);
  assert.equal(botCommands, 3);
});

Deno.test("findMentions() rejects durations below zero", async () => {
  await assert.rejects(findMentions([], burp, { mergeGap: -1 }), RangeError);
});
