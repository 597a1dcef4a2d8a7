/**
 * Preloaded into a command (`deno run --preload`), this counts what the command does to files and to the network, step by
 * step, and ends it with SIGKILL at a chosen one, as a power cut would: no timer decides, so that the same number always
 * meets the same moment.
 *
 * `KILL_STEP` is the step, counted from 1, and `KILL_MOMENT` says whether it dies `before` the step, `after` it or, for a
 * write, with `half` of the bytes written. Without `KILL_STEP`, the number of steps is written to the file `KILL_COUNT`.
 */
const killStep = Number(Deno.env.get("KILL_STEP") ?? Infinity);
const moment = Deno.env.get("KILL_MOMENT") ?? "before";
const countFile = Deno.env.get("KILL_COUNT");
let steps = 0;

/** Whether this is the step to die at. */
function isLast(): boolean {
  return ++steps === killStep;
}

function die(): Promise<never> {
  Deno.kill(Deno.pid, "SIGKILL");
  return new Promise(() => {});
}

function watch<Args extends unknown[], Result>(
  run: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const last = isLast();
    if (last && moment === "before") return await die();
    const result = await run(...args);
    return last ? await die() : result;
  };
}

Object.assign(Deno, {
  open: watch(Deno.open),
  mkdir: watch(Deno.mkdir),
  remove: watch(Deno.remove),
  rename: watch(Deno.rename),
});
globalThis.fetch = watch(globalThis.fetch);
const file = Deno.FsFile.prototype;
const { write, sync, truncate } = file;
Object.assign(file, {
  async write(this: Deno.FsFile, bytes: Uint8Array): Promise<number> {
    if (!isLast()) return await write.call(this, bytes);
    if (moment !== "before") {
      await write.call(this, moment === "half" ? bytes.subarray(0, bytes.length >> 1) : bytes);
    }
    return await die();
  },
  async sync(this: Deno.FsFile): Promise<void> {
    return isLast() ? await die() : await sync.call(this);
  },
  async truncate(this: Deno.FsFile, length?: number): Promise<void> {
    return isLast() ? await die() : await truncate.call(this, length);
  },
});
if (countFile !== undefined) {
  globalThis.addEventListener("unload", () => Deno.writeTextFileSync(countFile, String(steps)));
}
