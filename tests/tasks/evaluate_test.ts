import assert from "node:assert/strict";
import { join } from "node:path";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { runCommand } from "tasks/command.ts";
import type { Host } from "tasks/command/host.ts";
import { evaluate } from "tasks/evaluate.ts";

async function run(...args: string[]) {
  let [out, err] = ["", ""];
  const host: Host = {
    args,
    env: () => undefined,
    readConfig: () => undefined,
    commands: ["evaluate"],
    userFolder: "",
    version: "",
    columns: () => 80,
    write: (text) => (out += text, true),
    writeError: (text) => void (err += text),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    onInterrupt: () => () => {},
  };
  return { code: await runCommand(evaluate, host), out, err };
}

async function withStreams(check: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["found", "truth"]) await Deno.mkdir(join(folder, name));
    const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
    await write("truth/a.csv", "onset,offset,label\n10,11,burp\n20,21,burp\n30,31,cough\n");
    await write(
      "found/a.csv",
      "recording,onset,offset,label,score,clip,url\na,10.8,11,burp,.9,,\na,50,51,burp,.8,,\n",
    );
    await write("truth/b.txt", "5\t6\tburp\n");
    await write("found/b.csv", "recording,onset,offset,label,score,clip,url\nb,5,6,burp,.9,,\n");
    await check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("evaluate prints figures by collar and false alarms an hour", async () => {
  await withStreams(async (folder) => {
    const { out, code } = await run(
      join(folder, "found/a.csv"),
      join(folder, "truth/a.csv"),
      "--hours",
      "0.5",
    );
    assert.equal(code, 0);
    assert.equal(
      out,
      "a: 3 annotated, 2 found, 0.5 h\n" +
        "  onset within 0.5 s    F1 0.0000   precision 0.0000   recall 0.0000\n" +
        "  onset within 1 s      F1 0.4000   precision 0.5000   recall 0.3333\n" +
        "  overlap above 0.3     F1 0.0000   precision 0.0000   recall 0.0000\n" +
        "  segments of 1 s       F1 0.4000   precision 0.5000   recall 0.3333   error rate 1.0000\n" +
        "  false alarms an hour  2.0   (1 in 0.5 h; at most 9.5 an hour with 95 % confidence)\n",
    );
  });
});

Deno.test("evaluate cuts segments as long as it is told", async () => {
  await withStreams(async (folder) => {
    const files = [join(folder, "found/a.csv"), join(folder, "truth/a.csv"), "--hours", "0.5"];
    const { out } = await run(...files, "--segment", "30");
    // Minute by half minutes: 0 to 30 s and 30 to 60 s are annotated, and found.
    assert.match(out, /\n {2}segments of 30 s {6}F1 1\.0000 .* error rate 0\.0000\n/);
    assert.equal((await run(...files, "--segment", "0")).code, 2);
  });
});

Deno.test("evaluate takes folders, one event of them, and adds a total", async () => {
  await withStreams(async (folder) => {
    const folders = [join(folder, "found"), join(folder, "truth")];
    const { out, code } = await run(...folders, "--hours", "1", "--event", "burp", "--collar", "1", "--json");
    assert.equal(code, 0);
    const reports = out.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(
      reports.map(({ recording, hours, annotated, found }) => [recording, hours, annotated, found]),
      [
        ["a", 1, 2, 2],
        ["b", 1, 1, 1],
        ["total", 2, 3, 3],
      ],
    );
    assert.deepEqual(reports[2].onset, [{
      collar: 1,
      precision: 0.6667,
      recall: 0.6667,
      f1: 0.6667,
      matched: 2,
    }]);
    assert.deepEqual(reports[2].segments, {
      segment: 1,
      f1: 0.6667,
      precision: 0.6667,
      recall: 0.6667,
      annotated: 3,
      found: 3,
      matched: 2,
      errorRate: 0.6667,
    });
    assert.equal(reports[2].falseAlarmsPerHour, 0.5);
  });
});

Deno.test("evaluate measures the recording beside the annotations, and says so", async () => {
  await withStreams(async (folder) => {
    await writeWav(join(folder, "truth/b.wav"), new Float32Array(36 * 8000), { sampleRate: 8000 });
    const files = [join(folder, "found/b.csv"), join(folder, "truth/b.txt")];
    const { out, err } = await run(...files);
    assert.match(out, /^b: 1 annotated, 1 found, 0\.01 h\n/);
    assert.match(err, /b\.wav lasts 0\.0100 h/);
    await Deno.remove(join(folder, "truth/b.wav"));
    const without = await run(...files);
    assert.equal(without.code, 1);
    assert.match(without.err, /no recording beside .*b\.txt.*--hours/);
  });
});

Deno.test("evaluate ends with one line and code 1 or 2 where it cannot compare", async () => {
  await withStreams(async (folder) => {
    await Deno.writeTextFile(join(folder, "broken.csv"), "onset,offset\n2,1\n");
    const truth = join(folder, "truth/a.csv");
    const broken = await run(join(folder, "broken.csv"), truth, "--hours", "1");
    assert.equal(broken.code, 1);
    assert.match(broken.err, /^error: [^\n]*broken\.csv[^\n]*line 2[^\n]*\n$/);
    assert.equal((await run(truth)).code, 2);
    assert.equal((await run(truth, truth, truth, "--hours", "1")).code, 2);
    assert.equal((await run(truth, truth, "--hours", "1", "--collar", "-1")).code, 2);
    assert.equal((await run(truth, join(folder, "none.csv"), "--hours", "1")).code, 1);
  });
});

Deno.test("evaluate says so when it holds one sound against another", async () => {
  await withStreams(async (folder) => {
    await Deno.writeTextFile(join(folder, "house.csv"), "onset,offset,label\n10.8,11,house\n");
    const files = [join(folder, "house.csv"), join(folder, "truth/b.txt"), "--hours", "1"];
    const { err, code } = await run(...files, "--any-label");
    assert.equal(code, 0);
    assert.match(err, /found house is held against annotated burp/);
  });
});

Deno.test("evaluate refuses an event that is nowhere annotated, but not a recording without any event", async () => {
  await withStreams(async (folder) => {
    const [found, truth] = [join(folder, "found/b.csv"), join(folder, "truth/b.txt")];
    const misspelt = await run(found, truth, "--hours", "1", "--event", "brup");
    assert.equal(misspelt.code, 1);
    assert.match(misspelt.err, /^error: nothing is annotated with "brup", only with burp\n$/);
    await Deno.writeTextFile(join(folder, "quiet.csv"), "onset,offset,label\n");
    const quiet = join(folder, "quiet.csv");
    const right = await run(found, quiet, "--hours", "1", "--event", "burp");
    assert.equal(right.code, 0, right.err);
    assert.match(right.out, /0 annotated, 1 found[^]*false alarms an hour {2}1\.0/);
    const wrong = await run(found, quiet, "--hours", "1", "--event", "brup");
    assert.match(wrong.err, /"brup" was not found, only burp/);
  });
});

Deno.test("evaluate refuses events that have no label in common with the annotations, and names both sides", async () => {
  await withStreams(async (folder) => {
    const [found, truth] = [join(folder, "coughs.csv"), join(folder, "laughter.csv")];
    await Deno.writeTextFile(found, "onset,offset,label\n10,11,cough\n");
    await Deno.writeTextFile(truth, "onset,offset,label\n10,11,laughter\n");
    const { code, err, out } = await run(found, truth, "--hours", "1");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /no label in common: found are cough, annotated are laughter/);
    assert.equal((await run(found, truth, "--hours", "1", "--any-label")).code, 0);
    for (
      const same of ["onset,offset,label\n10,11,Cough\n", "onset,offset\n10,11\n", "onset,offset,label\n"]
    ) {
      await Deno.writeTextFile(truth, same);
      assert.equal((await run(found, truth, "--hours", "1")).code, 0, same);
    }
  });
});
