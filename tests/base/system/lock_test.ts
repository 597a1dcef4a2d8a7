import assert from "node:assert/strict";
import { join } from "node:path";
import { LockTimeoutError, withLock } from "lib/base/system/lock.ts";
import { createFakeClock } from "tests/fake_clock.ts";

async function withLockPath(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(join(folder, "ledger.lock"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Starts another process that takes the lock and keeps it until it is killed. */
async function startHolder(path: string): Promise<Deno.ChildProcess> {
  const code = `const file = await Deno.open(Deno.args[0], { create: true, read: true, write: true });
    await file.lock(true);
    console.log("locked");
    await new Promise(() => setInterval(() => {}, 1000));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code, path],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value).trim(), "locked");
  await reader.cancel();
  return child;
}

Deno.test("withLock() runs one holder at a time, and gives back what it returned", () =>
  withLockPath(async (path) => {
    const order: string[] = [];
    const clock = createFakeClock();
    const hold = (name: string) =>
      withLock(path, async () => {
        order.push(`${name} in`);
        await clock.sleep(1);
        order.push(`${name} out`);
        return name;
      }, { clock });
    assert.deepEqual(await Promise.all([hold("a"), hold("b")]), ["a", "b"]);
    assert.ok(order[0]!.endsWith("in") && order[1]!.endsWith("out"));
    assert.ok(order[2]!.endsWith("in") && order[3]!.endsWith("out"));
  }));

Deno.test("withLock() frees the lock when its work throws", () =>
  withLockPath(async (path) => {
    await assert.rejects(withLock(path, () => Promise.reject(new Error("no"))), /no/);
    assert.equal(await withLock(path, () => 1), 1);
  }));

Deno.test("withLock() gives up on another process after the time-out, and takes over once that is gone", () =>
  withLockPath(async (path) => {
    const holder = await startHolder(path);
    const clock = createFakeClock();
    await assert.rejects(withLock(path, () => 1, { timeoutMs: 1000, clock }), LockTimeoutError);
    holder.kill("SIGKILL");
    await holder.status;
    assert.equal(await withLock(path, () => 2, { timeoutMs: 1000, clock }), 2);
  }));
