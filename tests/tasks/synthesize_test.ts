import assert from "node:assert/strict";
import { join } from "node:path";
import { readEventFile } from "lib/learning/evaluate/event_files.ts";
import { runCommand } from "tasks/command.ts";
import { exists } from "lib/base/system/exists.ts";
import type { Host } from "tasks/command/host.ts";
import { RECORDED_BURPS } from "lib/learning/synthesis/recorded_burps.ts";
import { synthesize } from "tasks/synthesize.ts";
import { drawBurpPicture } from "tasks/synthesize/burp_picture.ts";

async function run(...args: string[]) {
  let [out, err] = ["", ""];
  const host: Host = {
    args,
    env: () => undefined,
    readConfig: () => undefined,
    commands: ["synthesize"],
    userFolder: "",
    version: "",
    columns: () => 80,
    write: (text) => (out += text, true),
    writeError: (text) => void (err += text),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    onInterrupt: () => () => {},
  };
  return { code: await runCommand(synthesize, host), out, err };
}

Deno.test("synthesize clips writes a training folder once, and leaves it alone afterwards", async () => {
  const parent = await Deno.makeTempDir();
  try {
    const output = join(parent, "new");
    const first = await run("clips", "--output", output, "--positives", "3", "--negatives", "4");
    assert.equal(first.code, 0, first.err);
    assert.ok(first.out.includes("3 clips with a burp, 4 without"));
    const second = await run("clips", "--output", output);
    assert.equal(second.code, 1);
    assert.ok(second.err.includes("is there already"));
    assert.equal([...Deno.readDirSync(join(output, "burp-audio"))].length, 3);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});

Deno.test("synthesize makes a stream without any burp, whose annotations say so", async () => {
  const parent = await Deno.makeTempDir();
  const name = `quiet-${crypto.randomUUID()}`;
  try {
    const { code, out, err } = await run(
      ...["stream", "--events", "0", "--minutes", "0.1", "--output", join(parent, `${name}.wav`)],
    );
    assert.equal(code, 0, err);
    assert.match(out, /0\.1 min with no burps, as .*\.csv says/);
    assert.deepEqual(await readEventFile(join(parent, `${name}.csv`)), []);
    // Beside it, since a harvest would look in vain for its recording.
    assert(await exists(join(parent, `twitch-chat-${name}.csv`)));
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});

Deno.test("synthesize explains what it cannot make", async () => {
  const { code, err } = await run("songs");
  assert.equal(code, 2);
  assert.ok(err.includes("only clips, stream, picture or fit"));
  assert.equal((await run("stream", "--lowest", "10", "--loudest", "5")).code, 2);
});

Deno.test("drawBurpPicture() puts synthetic burps beside recorded ones, measure by measure", async () => {
  const signal = new AbortController().signal;
  const counts: number[] = [];
  const { data } = await drawBurpPicture({
    count: 12,
    seed: "picture",
    signal,
    onProgress: (count) => counts.push(count),
  });
  assert.equal(counts.at(-1), 12);
  assert.deepEqual([...new Set(data.map(({ name }) => name))], ["recorded (19)", "synthetic (12)"]);
  assert.equal(data.length, 2 * Object.keys(RECORDED_BURPS).length);
});

Deno.test("synthesize picture leaves an earlier picture alone", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const output = join(folder, "mine.png");
    await Deno.writeTextFile(output, "mine");
    const { code, err } = await run("picture", "--output", output);
    assert.equal(code, 1);
    assert.ok(err.includes("is there already; replace it with --force"));
    assert.equal(await Deno.readTextFile(output), "mine");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
