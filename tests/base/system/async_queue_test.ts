import assert from "node:assert/strict";
import { createAsyncQueue } from "lib/base/system/async_queue.ts";

Deno.test("createAsyncQueue() gives values in order, those that wait also after the end", async () => {
  const queue = createAsyncQueue<number>();
  queue.push(1);
  const taken = Array.fromAsync(queue);
  await Promise.resolve();
  queue.push(2);
  queue.push(3);
  queue.end();
  queue.push(4);
  assert.deepEqual(await taken, [1, 2, 3]);
});

Deno.test("createAsyncQueue() throws the maker's error after what waits", async () => {
  const queue = createAsyncQueue<number>();
  queue.push(1);
  queue.fail(new RangeError("broken"));
  const taken: number[] = [];
  await assert.rejects(async () => {
    for await (const value of queue) taken.push(value);
  }, RangeError);
  assert.deepEqual(taken, [1]);
});

Deno.test("createAsyncQueue() lets makers wait until the taker has kept up or left", async () => {
  const queue = createAsyncQueue<number>();
  for (let i = 0; i < 5; i++) queue.push(i);
  let room = false;
  const waiting = queue.drained(3).then(() => room = true);
  for await (const value of queue) {
    if (value === 0) assert(!room);
    if (value === 2) break;
  }
  await waiting;
  assert(queue.closed);
  await queue.drained();
});
