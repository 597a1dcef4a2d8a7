import assert from "node:assert/strict";
import { join } from "node:path";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { writeChatFile } from "lib/media/chat/chat_file.ts";
import { plantStream } from "tests/fakes/planted_stream.ts";
import { TONES, withToneModel } from "tests/learning/detect/with_tone_model.ts";

/** Runs the real command in a process of its own, without network. */
async function run(task: string, args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...[
        "run",
        "-q",
        "--no-check",
        "--allow-read",
        "--allow-write",
        "--allow-run",
        "--allow-env",
        "--allow-sys",
      ],
      ...["--allow-ffi", join(import.meta.dirname!, "..", "..", "tasks", `${task}.ts`), ...args],
    ],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("harvest takes a folder of recordings with their chats for a channel, or one of them for a VOD", async () => {
  const stream = plantStream();
  const data = await Deno.makeTempDir();
  try {
    const streams = join(data, "streams");
    await Deno.mkdir(streams);
    for (const name of ["monday", "silent"]) {
      await writeWav(join(streams, `${name}.wav`), stream.samples, { sampleRate: stream.sampleRate });
    }
    await writeChatFile(join(streams, "monday.csv"), stream.chat);
    const common = ["--data", data, "--model", "none", "--json"];
    const all = await run("harvest", [...common, "--channel", `folder://${streams}`]);
    assert.equal(all.code, 0, all.err);
    assert.deepEqual(JSON.parse(all.out).outcomes, { found: 4 });
    assert.match(all.err, /2 recordings of .*streams\b/);
    assert.match(all.err, /silent\.wav: skipped, no chat lies beside it/);
    const one = await run("harvest", [...common, "--vod", `folder://${streams}/monday`]);
    assert.equal(one.code, 0, one.err);
    assert.deepEqual(JSON.parse(one.out).outcomes, { found: 4 });
    const missing = await run("harvest", [...common, "--vod", `folder://${streams}/tuesday`]);
    assert.equal(missing.code, 1);
    assert.match(missing.err, /tuesday: there is no such recording/);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("find and bot --replay take recordings of a folder, and the replay hears the chat beside them", () =>
  withToneModel(async ({ folder, modelDir, recording }) => {
    await writeChatFile(join(folder, "tones.csv"), [{ time: 2.5, message: "!low", userName: "somebody" }]);
    const found = await run("find", [`folder://${folder}/tones`, "--model", modelDir, "--output", "-"]);
    assert.equal(found.code, 0, found.err);
    assert.equal(found.out.trim().split("\n").length, 1 + TONES.length);
    const channel = ["--channel", `folder://${folder}`, "--model", modelDir, "--output", "-"];
    assert.equal((await run("find", channel)).out, found.out);
    const replayed = await run("bot", [
      ...[
        "--replay",
        `folder://${folder}/tones`,
        "--model",
        modelDir,
        "--event",
        "low",
        "--no-announce",
        "--json",
      ],
    ]);
    assert.equal(replayed.code, 0, replayed.err);
    const figures = JSON.parse(replayed.out);
    assert.equal(figures.people?.bursts.length, 1, "the chat beside it was heard");
    const bare = await run("bot", [
      ...["--replay", recording, "--model", modelDir, "--event", "low", "--no-announce", "--json"],
    ]);
    assert.equal(JSON.parse(bare.out).people, undefined);
  }));

Deno.test("find takes a folder's recording by a name in another form, and through a link, whatever else is missing", () =>
  withToneModel(async ({ folder, modelDir, recording }) => {
    await Deno.symlink(recording, join(folder, "cafe\u0301.wav"));
    await Deno.symlink(join(folder, "gone"), join(folder, "lost.wav"));
    const rest = ["--model", modelDir, "--output", "-"];
    const found = await run("find", [`folder://${folder}/caf\u00e9`, `folder://${folder}/nope`, ...rest]);
    assert.equal(found.code, 1);
    assert.match(found.err, /nope: there is no such recording/);
    assert.equal(found.out.trim().split("\n").length, 1 + TONES.length);
  }));
