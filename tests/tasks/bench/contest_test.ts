import assert from "node:assert/strict";
import { type Contestant, medians, runRounds } from "tasks/bench/contest.ts";

Deno.test("runRounds() lets contestants take turns, the order turned around each round", async () => {
  const order: string[] = [];
  const contestant = (name: string, values: readonly number[]): Contestant => ({
    measure(round) {
      order.push(`${name}${round}`);
      return Promise.resolve({ [name]: values[round]! });
    },
  });
  const rounds = await runRounds([contestant("a", [3, 1, 2]), contestant("b", [10, 30, 20])], 3);
  assert.deepEqual(order, ["a0", "b0", "b1", "a1", "a2", "b2"]);
  assert.deepEqual(medians(rounds), { a: 2, b: 20 });
});
