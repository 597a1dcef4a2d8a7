import assert from "node:assert/strict";
import { systemClock } from "lib/base/system/clock.ts";
import { startFakeLive } from "tests/fakes/live_server.ts";
import { realWorkClock } from "tests/fakes/work_clock.ts";
import { toneMedia } from "tests/work/live/live_media.ts";
import { scaled } from "tests/long_run.ts";
import { hasProgram } from "tests/requirements.ts";

// Who is whose child is read from /proc.
const ignore = Deno.build.os !== "linux" || !(await hasProgram("ffmpeg"));

Deno.test({
  name: "openLiveSound() leaves no ffmpeg behind when its process is killed",
  ignore,
  async fn() {
    const { segments } = await toneMedia(60);
    await using live = startFakeLive(realWorkClock);
    live.begin({ media: segments }, 10);
    const signals: Deno.Signal[] = scaled({
      usual: ["SIGKILL", "SIGTERM"],
      long: ["SIGKILL", "SIGTERM", "SIGKILL", "SIGTERM", "SIGINT", "SIGKILL", "SIGTERM", "SIGHUP"],
    });
    for (const signal of signals) {
      const config = new URL("../../../deno.json", import.meta.url).pathname;
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", "--config", config, "tests/fakes/hear_live.ts", live.playlistUrl],
        cwd: new URL("../../..", import.meta.url),
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const reader = child.stdout.getReader();
      const { value } = await reader.read();
      assert(value, "a segment was heard");
      let decoders = await childrenOf(child.pid);
      // Where the media begins anew, one ffmpeg has gone before the next one comes.
      for (let waited = 0; decoders.length !== 1 && waited < 50; waited++) {
        await systemClock.sleep(100);
        decoders = await childrenOf(child.pid);
      }
      assert.equal(decoders.length, 1, "one ffmpeg runs");
      child.kill(signal);
      await child.status;
      await reader.cancel();
      let left = decoders;
      for (let waited = 0; left.length > 0 && waited < 50; waited++) {
        await systemClock.sleep(100);
        left = (await Promise.all(left.map(async (pid) => await isFfmpeg(pid) ? [pid] : []))).flat();
      }
      assert.deepEqual(left, [], `after ${signal}`);
    }
  },
});

async function childrenOf(pid: number): Promise<number[]> {
  const children: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    // The name in brackets may hold anything; the parent is the second word after it.
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    if (parent === pid) children.push(Number(name));
  }
  return children;
}

async function isFfmpeg(pid: number): Promise<boolean> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  // Of a zombie only the entry is left, until somebody asks how it ended.
  return stat.includes("(ffmpeg)") && !/\) Z /.test(stat);
}
