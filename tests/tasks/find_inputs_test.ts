import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { runCommand } from "tasks/command.ts";
import { find } from "tasks/find.ts";
import { type ToneFolder, withToneModel } from "tests/learning/detect/with_tone_model.ts";
import { hasProgram } from "tests/requirements.ts";
import { twoTracks } from "tests/tasks/two_tracks.ts";
import { createTestHost } from "tests/tasks/task_host.ts";

const ignore = !(await hasProgram("ffmpeg"));

async function run(args: readonly string[]) {
  const { host, written } = createTestHost(args, ["find"]);
  const code = await runCommand(find, host);
  return { code, rows: written.out.trimEnd().split("\n").slice(1), err: written.err };
}

const noTracks = ["--tracks-gb", "0"];
const base = ({ modelDir, folder }: ToneFolder) => [
  ...["--model", modelDir, "--output", join(folder, "found"), "--format", "csv"],
];

async function ffmpeg(...args: string[]): Promise<void> {
  await runToEnd((await requireProgram("ffmpeg")).path, ["-y", "-v", "error", "-nostdin", ...args]);
}

Deno.test({
  name: "find hears the track that players play, says which, and searches anew when another is asked for",
  ignore,
  fn: () =>
    withToneModel(async (tones) => {
      const path = await twoTracks(tones.recording, tones.folder);
      const first = await run([...base(tones), path]);
      assert.equal(first.rows.length, 3);
      assert.match(first.err, /audio track 2 "game" eng of 2 is heard; --track chooses/);
      for (const [track, count] of [["1", 0], ["mic", 0], ["game", 3], ["ENG", 3], ["2", 3]] as const) {
        const { rows, err } = await run([...base(tones), path, "--track", track]);
        assert.equal(rows.filter((row) => row !== "").length, count, track);
        assert.doesNotMatch(err, /searched before/);
      }
      for (
        const [track, said] of [["mic", /track 1 "mic" of 2 is heard/], [
          "game",
          /track 2 "game" eng of 2/,
        ]] as const
      ) {
        const heard = await run([...base(tones), path, "--heard", "--force", "--track", track, ...noTracks]);
        assert.match(heard.err, said);
        assert.equal(heard.rows.some((row) => row.includes("low")), track === "game", heard.rows.join());
      }
      const again = await run([...base(tones), path, "--track", "2"]);
      assert.match(again.err, /searched before/);
      const none = await run([...base(tones), path, "--track", "3"]);
      assert.equal(none.code, 1);
      assert.match(none.err, /no audio track "3", it has 2 audio tracks \(1 "mic"; 2 "game" eng\)/);
    }),
});

Deno.test("find keeps the events where a clip cannot be cut, names the clip, and tries again the next time", async () => {
  await withToneModel(async (tones) => {
    const clips = join(tones.folder, "found/tones/clips");
    const whole = await run([...base(tones), tones.recording, "--clips"]);
    const [name] = (await Array.fromAsync(Deno.readDir(clips), (entry) => entry.name)).sort();
    await Deno.remove(dirname(clips), { recursive: true });
    // A folder where the clip should go cannot be replaced by it.
    await Deno.mkdir(join(clips, name!, "in the way"), { recursive: true });
    const { code, rows, err } = await run([...base(tones), tones.recording, "--clips", "--force"]);
    assert.equal(code, 1);
    assert.deepEqual(rows, whole.rows);
    assert.match(err, new RegExp(`${name}: this clip could not be cut`));
    const csv = await Deno.readTextFile(join(dirname(clips), "events.csv"));
    assert.deepEqual(csv.trimEnd().split(/\r?\n/).slice(1), rows);
    await Deno.remove(join(clips, name!), { recursive: true });
    const again = await run([...base(tones), tones.recording, "--clips"]);
    assert.equal(again.code, 0);
    assert.ok((await Deno.stat(join(clips, name!))).isFile);
  });
});

Deno.test("find cuts clips of recordings with names as long as a file system allows", async () => {
  await withToneModel(async (tones) => {
    for (const letter of ["n", "ü"]) {
      const stem = letter.repeat(letter === "n" ? 251 : 125);
      const path = join(tones.folder, `${stem}.wav`);
      await Deno.copyFile(tones.recording, path);
      const { code, rows, err } = await run([...base(tones), path, "--clips", "--format", "csv,html"]);
      assert.equal(code, 0, err);
      const clips = rows.map((row) => row.split(",")[5]!);
      assert.equal(clips.length, 3);
      for (const clip of clips) assert.ok((await Deno.stat(clip)).isFile);
      // Clips of one recording must be known to belong together.
      const groups = new Set(clips.map((clip) => /([^/]+)_\d+\.\d{3}_[^_]+\.wav$/.exec(clip)![1]));
      assert.equal(groups.size, 1);
    }
  });
});

for (const way of ["standard input", "a named pipe"] as const) {
  Deno.test({
    name: `find searches what comes through ${way}, cuts clips of it, and ends at a signal`,
    ignore: ignore || Deno.build.os === "windows",
    fn: () =>
      withToneModel(async (tones) => {
        const pipe = join(tones.folder, "pipe");
        await runToEnd("mkfifo", [pipe]);
        const word = way === "a named pipe" ? pipe : "-";
        const command = [
          ...["run", "--no-check", "-A", "tasks/find.ts", ...base(tones), "--clips", word],
        ].map((part) => `'${part}'`).join(" ");
        const shell = (feed: string) =>
          way === "a named pipe"
            ? `${feed} > '${pipe}' & exec deno ${command}`
            : `exec deno ${command} < <(${feed})`;
        const path = join(tones.folder, "tones.ts");
        await ffmpeg("-i", tones.recording, "-c:a", "mp2", path);
        const { stdout } = await new Deno.Command("bash", { args: ["-c", shell(`cat '${path}'`)] }).output();
        const rows = new TextDecoder().decode(stdout).trimEnd().split("\n").slice(1);
        assert.equal(rows.length, 3);
        for (const row of rows) {
          const fields = row.split(",");
          assert.equal(fields[0], way === "a named pipe" ? "pipe" : "stdin");
          assert.ok((await Deno.stat(fields[5]!)).size > 1000);
        }
        for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
          const child = new Deno.Command("bash", {
            args: ["-c", shell("sleep 20")],
            stdout: "null",
            stderr: "null",
          }).spawn();
          // Whenever it comes: before the command listens, the system ends it with the same code.
          await new Promise((resolve) => setTimeout(resolve, 3000));
          child.kill(signal);
          assert.equal((await child.status).code, code);
        }
      }),
  });
}
