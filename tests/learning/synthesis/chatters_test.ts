import assert from "node:assert/strict";
import { synthesizeChat } from "lib/learning/synthesis/chatters.ts";
import { createBotFilter } from "lib/media/chat/bots.ts";
import { createCommandMatcher } from "lib/media/chat/commands.ts";

const TRUTH = Array.from(
  { length: 40 },
  (_, i) => ({ onset: 60 * i + 20, offset: 60 * i + 21, label: "burp" }),
);
const OPTIONS = { seed: 4, durationSeconds: 2400, bot: "burp_counter" };

Deno.test("synthesizeChat() is in order of whole seconds and repeatable", () => {
  const messages = synthesizeChat(TRUTH, OPTIONS);
  assert.deepEqual(messages, synthesizeChat(TRUTH, OPTIONS));
  assert.deepEqual(messages, messages.toSorted((a, b) => a.time - b.time));
  assert.ok(messages.every(({ time }) => Number.isInteger(time) && time >= 0 && time < 2400));
});

Deno.test("synthesizeChat() has people answer most events within 2 to 20 seconds, most of them legibly", () => {
  const isBot = createBotFilter({ bots: [OPTIONS.bot] });
  const isCommand = createCommandMatcher("!burp");
  const messages = synthesizeChat(TRUTH, { ...OPTIONS, falseAlarmsPerHour: 0 });
  const commands = messages.filter((message) => !isBot(message) && isCommand(message.message));
  const answered = TRUTH.filter(({ onset }) =>
    commands.some(({ time }) => time >= onset + 1 && time <= onset + 20)
  );
  assert.ok(answered.length > 30, `${answered.length} of 40 events`);
  assert.ok(commands.every(({ time }) => TRUTH.some(({ onset }) => time >= onset + 1 && time <= onset + 20)));
  const slips = messages.filter(({ message }) => message.startsWith("!") && !isCommand(message));
  assert.ok(slips.length > 0, "some people mistype");
});

Deno.test("synthesizeChat() lets the bot announce an event before it types the command itself", () => {
  const own = synthesizeChat(TRUTH, OPTIONS).filter(({ userName }) => userName === OPTIONS.bot);
  assert.ok(own.length > 40);
  assert.ok(own[0]!.message.startsWith("[bot] "));
  assert.ok(own.some(({ message }) => message === "!burp"));
  assert.ok(
    synthesizeChat(TRUTH, { seed: 4, durationSeconds: 2400 }).every(({ userName }) =>
      userName !== OPTIONS.bot
    ),
  );
});
