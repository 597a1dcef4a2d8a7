import assert from "node:assert/strict";
import { cutText } from "lib/work/bot/message_text.ts";
import {
  type Decision,
  INITIAL_POLICY,
  type PolicyInput,
  type PolicyState,
} from "lib/work/bot/policy_state.ts";
import { DEFAULT_LIMITS, type SendLimits } from "lib/work/bot/send_limits.ts";
import { nextTickMs } from "lib/work/bot/send_obstacles.ts";
import { stepPolicy } from "lib/work/bot/send_policy.ts";
import { brokenLimits, brokenManners, unsaid } from "tests/work/bot/conversation_judge.ts";
import { COMMAND, playConversation } from "tests/work/bot/random_conversation.ts";
import { longRun, scaled, tellFigure } from "tests/long_run.ts";

/** Plays inputs at given times; whatever is sent is settled at once. Gives the decisions in words. */
function play(
  inputs: readonly (readonly [atMs: number, input: PolicyInput])[],
  limits: SendLimits = DEFAULT_LIMITS,
) {
  let state: PolicyState = INITIAL_POLICY;
  const decisions: Decision[] = [];
  const step = (input: PolicyInput, atMs: number) => {
    const result = stepPolicy(state, input, atMs, limits);
    state = result.state;
    for (const decision of result.decisions) {
      decisions.push(decision);
      if (decision.kind === "send") step({ kind: "settled", message: decision.message, left: true }, atMs);
    }
  };
  step({ kind: "connection", up: true }, 0);
  for (const [atMs, input] of inputs) {
    for (
      let due = nextTickMs(state, limits);
      due !== undefined && due < atMs;
      due = nextTickMs(state, limits)
    ) {
      step({ kind: "tick" }, due);
    }
    step(input, atMs);
  }
  return decisions.map(({ kind, message, atMs, ...rest }) =>
    `${atMs} ${kind} ${message.text}${"reason" in rest ? `: ${rest.reason}` : ""}`
  );
}

const burp = (event: string, announcement?: string): PolicyInput => ({
  kind: "event",
  event,
  command: "!burp",
  ...(announcement === undefined ? {} : { announcement }),
});

Deno.test("stepPolicy() sends the command at once, and an announcement before it", () => {
  assert.deepEqual(play([[5, burp("1")]]), ["5 send !burp"]);
  assert.deepEqual(play([[5, burp("1", "[bot] detected burp")], [2000, { kind: "tick" }]]), [
    "5 send [bot] detected burp",
    "5 wait !burp: in flight",
    "1105 send !burp",
  ]);
});

Deno.test("stepPolicy() says why it is silent", () => {
  assert.deepEqual(play([[0, burp("1")], [30_999, burp("2")], [31_000, burp("3")]]), [
    "0 send !burp",
    "30999 drop !burp: cooldown",
    "31000 send !burp",
  ]);
  assert.deepEqual(play([[0, { kind: "human" }], [4_999, burp("1")], [5_000, burp("2")]]), [
    "4999 drop !burp: human",
    "5000 send !burp",
  ]);
  // Of an announced event nothing at all is said: the person has told the channel already.
  assert.deepEqual(play([[0, { kind: "human" }], [1_000, burp("1", "[bot] detected burp")]]), [
    "1000 drop [bot] detected burp: human",
    "1000 drop !burp: human",
  ]);
  assert.deepEqual(play([[0, { kind: "advertisement", running: true }], [1, burp("1")]]), [
    "1 drop !burp: advertisement",
  ]);
  assert.deepEqual(play([[0, { kind: "active", isActive: false }], [1, burp("1")]]), [
    "1 drop !burp: stopped",
  ]);
});

Deno.test("stepPolicy() keeps what cannot go until it is too old, and drops it when a person was quicker", () => {
  const down: PolicyInput = { kind: "connection", up: false };
  const up: PolicyInput = { kind: "connection", up: true };
  assert.deepEqual(play([[0, down], [1, burp("1")], [7_000, up]]), [
    "1 wait !burp: offline",
    "7000 send !burp",
  ]);
  assert.deepEqual(play([[0, down], [1, burp("1")], [10_500, up]]), [
    "1 wait !burp: offline",
    "8001 drop !burp: expired: offline",
  ]);
  assert.deepEqual(play([[0, down], [1, burp("1")], [2, { kind: "human" }], [3, up]]), [
    "1 wait !burp: offline",
    "2 drop !burp: human",
  ]);
});

Deno.test("stepPolicy() does not speak about sound that was here too long ago", () => {
  assert.deepEqual(play([[20_000, { kind: "event", event: "1", command: "!burp", dueMs: 9_000 }]]), [
    "20000 drop !burp: expired: late",
  ]);
});

Deno.test("stepPolicy() repeats itself early only as a moderator", () => {
  const limits = { ...DEFAULT_LIMITS, cooldownMs: 5_000 };
  const inputs = [[0, burp("1")], [6_000, burp("2")], [17_000, { kind: "tick" }]] as const;
  assert.deepEqual(play(inputs, limits), [
    "0 send !burp",
    "6000 wait !burp: repeat",
    "14000 drop !burp: expired: repeat",
  ]);
  assert.deepEqual(play([[0, { kind: "moderator", isModerator: true }], ...inputs], limits), [
    "0 send !burp",
    "6000 send !burp",
  ]);
});

Deno.test("stepPolicy() takes a message back that never left, and does not count it", () => {
  const first = stepPolicy({ ...INITIAL_POLICY, up: true }, burp("1"), 0, DEFAULT_LIMITS);
  const [sent] = first.decisions;
  assert.equal(sent?.kind, "send");
  const held = stepPolicy(first.state, { kind: "hold", untilMs: 1_000 }, 10, DEFAULT_LIMITS);
  const back = stepPolicy(
    held.state,
    { kind: "settled", message: sent.message, left: false },
    10,
    DEFAULT_LIMITS,
  );
  assert.deepEqual(back.decisions, []);
  const again = stepPolicy(
    back.state,
    { kind: "tick" },
    nextTickMs(back.state, DEFAULT_LIMITS)!,
    DEFAULT_LIMITS,
  );
  assert.deepEqual(again.decisions.map(({ kind, atMs }) => [kind, atMs]), [["send", 1_000]]);
});

Deno.test("cutText() makes one line of at most so many characters, and cuts none in half", () => {
  assert.equal(cutText("a\r\nPRIVMSG #b :c", 499), "a PRIVMSG #b :c");
  assert.equal(cutText("x".repeat(500), 499).length, 499);
  assert.ok(cutText(`${"x".repeat(497)}\u{1f600}\u{1f600}`, 499).isWellFormed());
});

/** With a budget that is seldom what keeps the bot silent. */
const LIMITS: SendLimits = { ...DEFAULT_LIMITS, hourlyBudget: 450 };

Deno.test("a bot of random events breaks no limit and says all that it may", async () => {
  const count = scaled({ usual: 1_000, long: 10_000 });
  for (const overHttp of longRun ? [false, true] : [false]) {
    const played = await playConversation(20261121, count, { overHttp, limits: LIMITS });
    assert.deepEqual(brokenLimits(played, LIMITS), []);
    assert.deepEqual(brokenManners(played, COMMAND, LIMITS), []);
    assert.deepEqual(unsaid(played, LIMITS), []);
    assert.ok(
      played.received.length > count / 5,
      `only ${played.received.length} messages of ${count} events`,
    );
    tellFigure(
      `${count} chat and detection events ${overHttp ? "over a local server" : "in process"}: ` +
        `${played.received.length} messages received, no limit broken, none unsaid`,
    );
  }
});

Deno.test("a bot that sends through Helix breaks no limit and says all that it may", async () => {
  const played = await playConversation(3, 60, { overHttp: true, limits: LIMITS });
  assert.deepEqual(brokenLimits(played, LIMITS), []);
  assert.deepEqual(unsaid(played, LIMITS), []);
  assert.ok(played.received.length > 12);
});

const WITHOUT: Readonly<Record<string, Partial<SendLimits>>> = {
  spacing: { spacingMs: 0 },
  rate: { maxPerWindow: 1_000, spacingMs: 0, hourlyBudget: 100_000 },
  repeat: { repeatMs: 0 },
  budget: { hourlyBudget: 100_000 },
  length: { maxCharacters: 100_000 },
  cooldown: { cooldownMs: 0, repeatMs: 0 },
  human: { humanMs: 0 },
  expiry: { expiryMs: 60_000 },
};

for (const [name, change] of Object.entries(WITHOUT)) {
  Deno.test(`the counter of the tests catches a bot without its limit of ${name}`, async () => {
    const played = await playConversation(7, 700, { limits: { ...LIMITS, ...change } });
    const broken = [
      ...brokenLimits(played, name === "budget" ? DEFAULT_LIMITS : LIMITS),
      ...brokenManners(played, COMMAND, LIMITS),
    ];
    assert.ok(
      broken.some((line) => line.startsWith(name)),
      `only ${broken.slice(0, 5).join("; ") || "silence"}`,
    );
  });
}

Deno.test("the counter of the tests catches a bot that is mute", async () => {
  const played = await playConversation(7, 300, { limits: { ...LIMITS, spacingMs: 15_000 } });
  assert.ok(unsaid(played, LIMITS).length > 10);
});
