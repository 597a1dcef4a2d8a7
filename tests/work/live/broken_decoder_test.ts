import assert from "node:assert/strict";
import { join } from "node:path";
import { forgetPrograms, requireProgram } from "lib/base/system/programs.ts";
import type { LiveItem } from "lib/work/live/live_item.ts";
import { until } from "tests/fakes/until.ts";
import { toneMedia } from "tests/work/live/live_media.ts";
import { whileListening } from "tests/work/live/listening.ts";
import { hasProgram } from "tests/requirements.ts";

const ignore = Deno.build.os === "windows" || !(await hasProgram("ffmpeg"));

/** What the first decoder does instead of its work, or after it. The media begins anew after a minute: it has to end then. */
interface Breakage {
  readonly name: string;
  /** Lines of a shell script; `$FFMPEG` is the true one, `$STARTED` a file for the ids of what the script leaves behind. */
  readonly script: string;
  /** Nothing is heard for so many seconds at most. */
  readonly longest: number;
  /** Sound is lost with it. */
  readonly loses: boolean;
}

const BREAKAGES: readonly Breakage[] = [
  {
    name: "does not end with its input",
    script: `"$FFMPEG" "$@"; exec sleep 600`,
    longest: 16,
    loses: false,
  },
  {
    name: "closes its output and stays",
    script: `"$FFMPEG" "$@"; exec >&- 2>&-; exec sleep 600`,
    longest: 16,
    loses: false,
  },
  {
    name: "ends while another program holds its output open",
    script: `"$FFMPEG" "$@"; sleep 600 & echo $! > "$STARTED"; exit 0`,
    longest: 16,
    loses: false,
  },
  { name: "gives nothing", script: "exec sleep 600", longest: 26, loses: true },
  { name: "dies at once", script: "exit 1", longest: 10, loses: true },
];

for (const breakage of BREAKAGES) {
  Deno.test({
    name: `openLiveSound() hears on, and nothing twice, when a decoder ${breakage.name}`,
    ignore,
    fn: () => withFirstDecoder(breakage.script, (runs) => hearThrough(breakage, runs)),
  });
}

/** Listens for a minute and a half; `runs` gives the ids of the decoders until then. */
async function hearThrough({ longest, loses }: Breakage, runs: () => Promise<number[]>): Promise<void> {
  const { segments, onsets, seconds: round } = await toneMedia(60);
  const soundAt = [0];
  let nowMs = () => 0;
  async function* timed(items: AsyncIterable<LiveItem>): AsyncGenerator<LiveItem> {
    for await (const item of items) {
      if (item.kind === "sound") soundAt.push(nowMs() / 1000);
      yield item;
    }
  }
  const broadcast = { media: segments };
  await whileListening({ broadcast, between: timed, patienceMs: 2000 }, async (listening) => {
    const { clock, heard } = listening;
    nowMs = () => clock.monotonicMs();
    const beganMs = clock.now() - 10_000;
    await listening.until(90_000);
    soundAt.push(90);
    const silences = soundAt.slice(1).map((time, i) => time - soundAt[i]!);
    assert(Math.max(...silences) <= longest, `nothing was heard for ${Math.max(...silences)} s`);
    const times = heard.map(({ wallClockMs }) => (wallClockMs! - beganMs) / 1000).toSorted((a, b) => a - b);
    // The end is still on its way, and what came before the decoder was known to be broken may be lost with it.
    const expected = [...onsets, ...onsets.map((onset) => onset + round)]
      .filter((onset) => onset > (loses ? longest + 10 : 6.5) && onset < 94);
    assert(expected.length > 10);
    assert.deepEqual(
      expected.filter((onset) => times.filter((time) => Math.abs(time - onset) < 0.25).length !== 1),
      [],
      `each once of ${times}`,
    );
    for (const time of times) {
      assert(onsets.some((onset) => Math.abs(time % round - onset) < 0.25), `${time} is no tone`);
    }
    const [first, ...others] = await runs();
    assert(others.length > 0, "the next decoder was started");
    assert(!isAlive(first!), "the first decoder is left");
  });
  const all = await runs();
  await until(() => !all.some(isAlive));
}

/** Puts a script in the place of the first ffmpeg that decodes; those after it are true. */
async function withFirstDecoder(
  script: string,
  check: (runs: () => Promise<number[]>) => Promise<void>,
): Promise<void> {
  await toneMedia(60); // made with the true one
  const { path } = await requireProgram("ffmpeg");
  const folder = await Deno.makeTempDir();
  const [stand, started, all] = [join(folder, "ffmpeg"), join(folder, "started"), join(folder, "all")];
  await Deno.writeTextFile(
    stand,
    `#!/bin/sh
FFMPEG='${path}' STARTED='${started}'
case "$*" in *-version*) exec "$FFMPEG" "$@";; esac
echo $$ >> '${all}'
if mkdir '${folder}/first' 2>/dev/null; then
${script}
fi
exec "$FFMPEG" "$@"
`,
  );
  await Deno.chmod(stand, 0o755);
  const idsIn = async (file: string) =>
    (await Deno.readTextFile(file).catch(() => "")).split("\n").filter((line) => line !== "").map(Number);
  const before = Deno.env.get("FFMPEG_PATH");
  Deno.env.set("FFMPEG_PATH", stand);
  forgetPrograms();
  try {
    // The clock does not stand still while it is looked up.
    assert.equal((await requireProgram("ffmpeg")).path, stand);
    await check(() => idsIn(all));
  } finally {
    if (before === undefined) Deno.env.delete("FFMPEG_PATH");
    else Deno.env.set("FFMPEG_PATH", before);
    forgetPrograms();
    for (const id of (await idsIn(started)).filter(isAlive)) Deno.kill(id, "SIGKILL");
    await Deno.remove(folder, { recursive: true });
  }
}

/** To go on is nothing new to a program that runs. */
function isAlive(id: number): boolean {
  try {
    Deno.kill(id, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}
