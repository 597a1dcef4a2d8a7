import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { textWidth } from "tasks/command/text_width.ts";
import { runInTerminal, type TerminalSession } from "tests/tasks/terminal.ts";
import { type ToneFolder, withToneModel } from "tests/learning/detect/with_tone_model.ts";
import { until } from "tests/fakes/until.ts";

const ignore = Deno.build.os !== "linux";

function words({ modelDir, folder }: ToneFolder, ...args: string[]): string[] {
  const find = [Deno.execPath(), "run", "-qP=online", "tasks/find.ts", "--model", modelDir];
  return [...find, "--output", join(folder, "found"), ...args];
}

async function found(tones: ToneFolder, args: string[], columns = 200): Promise<TerminalSession> {
  const session = await runInTerminal(words(tones, ...args), { columns });
  assert.equal(session.code, 0, session.lines.join("\n"));
  return session;
}

Deno.test({
  name: "find on a terminal prints for people, and says where the files are and what to do next",
  ignore,
  async fn() {
    await withToneModel(async (tones) => {
      const recording = join(tones.folder, "a stream.wav");
      await Deno.rename(tones.recording, recording);
      const { lines } = await found(tones, ["--clips", "--format", "csv", recording]);
      assert.ok(lines.some((line) => line.startsWith("recording,onset")), "CSV with --format");

      const { lines: again } = await found(tones, [recording]);
      const first = again.indexOf(`${recording}: 3 events in 0:00:20`);
      assert.ok(first >= 0, again.join("\n"));
      const rows = again.slice(first + 1, first + 4);
      for (const row of rows) assert.match(row, /^ +0:00:\d\d +\d\.\d s {2}█+░* [01]\.\d\d {2}(low|high)$/);
      assert.equal(again.filter((line) => line.startsWith("recording,")).length, 0);
      const rest = again.slice(first + 4, first + 7);
      const folder = join(tones.folder, "found/a stream");
      assert.deepEqual(rest, [
        "  Searched before; --force does it again",
        `  Kept in ${folder}: events.csv, 3 clip files`,
        `  Listen and correct: deno task label '${recording}'`,
      ]);
      assert.equal(again.filter((line) => line.includes("a stream.wav")).length, 2, "name and next step");
    });
  },
});

Deno.test({
  name: "find draws bars with the events so far that are never longer than the terminal is wide",
  ignore,
  async fn() {
    await withToneModel(async (tones) => {
      const recording = join(tones.folder, `${"配信 recording ".repeat(8)}.wav`);
      await Deno.rename(tones.recording, recording);
      for (const columns of [30, 60, 100]) {
        const { lines } = await found(tones, ["--no-resume", recording], columns);
        const bars = lines.filter((line) => line.includes("100 %"));
        assert.ok(bars.length > 0, lines.join("\n"));
        for (const line of bars) assert.ok(textWidth(line) < columns, line);
        if (columns > 50) assert.match(bars.at(-1)!, /█+ 100 % \| 3 events/);
      }
    });
  },
});

Deno.test({
  name: "find --heard on a terminal prints for people, too, and CSV with --format",
  ignore,
  async fn() {
    await withToneModel(async (tones) => {
      const { lines } = await found(tones, ["--heard", "--tracks-gb", "0", tones.recording]);
      const first = lines.indexOf(`${tones.recording}: 3 sounds`);
      assert.ok(first >= 0, lines.join("\n"));
      for (const row of lines.slice(first + 1, first + 4)) {
        assert.match(row, /^ +0:00:\d\d +\d\.\d s {2}█+░* [01]\.\d\d {2}(low|high)$/);
      }
      assert.ok(!lines.some((line) => line.startsWith("recording,")), lines.join("\n"));
      const { lines: table } = await found(tones, [
        "--heard",
        "--tracks-gb",
        "0",
        "--format",
        "csv",
        tones.recording,
      ]);
      assert.ok(table.some((line) => line.startsWith("recording,onset")), table.join("\n"));
    });
  },
});

Deno.test({
  name: "find --open writes a report and opens it in the browser",
  ignore,
  async fn() {
    await withToneModel(async (tones) => {
      const [program, opened] = [join(tones.folder, "bin", "xdg-open"), join(tones.folder, "opened")];
      await Deno.mkdir(join(tones.folder, "bin"));
      await Deno.writeTextFile(
        program,
        `#!/bin/sh\nprintf %s "$1" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`,
        { mode: 0o755 },
      );
      const env = { PATH: `${join(tones.folder, "bin")}:${Deno.env.get("PATH")}` };
      const { lines } = await runInTerminal(words(tones, "--open", tones.recording), { columns: 200, env });
      const report = join(tones.folder, "found/tones/report.html");
      assert.ok(lines.includes(`opening ${report}`), lines.join("\n"));
      await until(() => existsSync(opened));
      assert.equal(await Deno.readTextFile(opened), pathToFileURL(report).href);
      assert.ok((await Deno.stat(report)).isFile);
    });
  },
});
