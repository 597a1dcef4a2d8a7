import assert from "node:assert/strict";
import { join } from "node:path";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { writeChatFile } from "lib/media/chat/chat_file.ts";
import { plantStream } from "tests/fakes/planted_stream.ts";
import { inProject, run } from "tests/tasks/listener_project.ts";

Deno.test("bot --sound answers a sound that the listener knows by a part of its name", () =>
  inProject(async (folder) => {
    const replay = (...args: string[]) =>
      run(folder, "bot", "--replay", "a.wav", "--no-announce", "--threshold", "0.05", ...args);
    const { code, out, err } = await replay("--sound", "laughter", "--json");
    assert.equal(code, 0, err);
    const { messages, detections } = JSON.parse(out.join("\n"));
    assert.deepEqual(detections.map(({ label }: { readonly label: string }) => label), ["laugh"]);
    assert.equal(messages[0].text, "!laugh");
    const own = await replay("--sound", "low", "--json");
    const { detections: low } = JSON.parse(own.out.join("\n"));
    assert(low.every(({ label }: { readonly label: string }) => label === "low"), "a model of one's own");
  }));

Deno.test("harvest --sound takes name, command and model of a sound from the listener", () =>
  inProject(async (folder) => {
    const { sampleRate, samples, chat } = plantStream();
    const data = join(folder, "data");
    await Deno.mkdir(join(data, "chats"), { recursive: true });
    const said = chat.map((line) => ({ ...line, message: line.message.replaceAll("!burp", "!laugh") }));
    await writeChatFile(join(data, "chats", "twitch-chat-1746376348.csv"), said);
    const recording = join(data, "vod 1746376348.wav");
    await writeWav(recording, samples, { sampleRate });
    const { code, err } = await run(folder, "harvest", "--local", recording, "--sound", "laughter");
    assert.equal(code, 0, err);
    const labels = await openLedger(join(data, "labels.jsonl")).current();
    const clips = labels.filter(({ label }) => label === "laugh");
    assert.deepEqual(clips.map(({ onset }) => Math.round(onset)), [30, 75, 130, 190]);
    for (const { clip, provenance } of clips) {
      assert.equal(provenance?.["model"], "listener");
      assert.match(clip ?? "", /^clips\/laugh-audio\//);
    }
    const unknown = await run(folder, "harvest", "--local", recording, "--sound", "xyzzy");
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /--sound "xyzzy" is no sound that is known/);
  }));
