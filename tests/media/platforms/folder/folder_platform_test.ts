import assert from "node:assert/strict";
import { join } from "node:path";
import {
  findLiveChannel,
  findPlatformChannel,
  findPlatformRecording,
} from "lib/media/platforms/platforms.ts";

const NO_NETWORK = {
  twitch(): never {
    throw new Error("nobody is to be spoken to");
  },
};

const VOD = {
  kind: "vod",
  platform: "twitch",
  id: "1746376348",
  url: "https://www.twitch.tv/videos/1746376348",
};

/** Runs `check` with a folder of three recordings, two of which have a chat; `new` is a day younger than the others. */
async function withFolder(check: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (
      const name of ["new.wav", "old b.mkv", "old a.mkv", "twitch-chat-new.csv", "old b.json", "notes.md"]
    ) {
      await Deno.writeTextFile(join(folder, name), "");
      const day = name.startsWith("new") ? 2 : 1;
      await Deno.utime(join(folder, name), new Date(0), new Date(Date.UTC(2026, 0, day)));
    }
    await check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a folder is a channel: its recordings, the oldest first, each with the chat of its name", () =>
  withFolder(async (folder) => {
    const found = findPlatformChannel(`folder://${folder}`)!;
    assert.equal(found.noun, "recording");
    const list = async (sinceMs?: number) =>
      (await found.channel.list({ connect: NO_NETWORK, sinceMs })).map((recording) => {
        assert(recording.kind === "files");
        return [recording.media, recording.chat].map((path) => path?.slice(folder.length + 1));
      });
    const newest = ["new.wav", "twitch-chat-new.csv"];
    assert.deepEqual(await list(), [["old a.mkv", undefined], ["old b.mkv", "old b.json"], newest]);
    assert.deepEqual(await list(Date.UTC(2026, 0, 2)), [newest]);
  }));

Deno.test("a recording of a folder is named with its ending or without, and one that is not there is an error", () =>
  withFolder(async (folder) => {
    const media = join(folder, "old b.mkv");
    const wanted = { kind: "files", media, chat: join(folder, "old b.json") };
    for (const name of ["old b.mkv", "old b"]) {
      assert.deepEqual(await findPlatformRecording(`folder://${folder}/${name}`), wanted);
    }
    await assert.rejects(
      findPlatformRecording(`folder://${folder}/older`),
      /older: there is no such recording/,
    );
    await assert.rejects(findPlatformRecording(`folder://${folder}/none/x`), /none: there is no such folder/);
    await assert.rejects(findPlatformRecording(`folder://${folder}`), /is a folder: --channel folder:/);
  }));

Deno.test("each text belongs to one platform, or to none", async () => {
  assert.deepEqual(await findPlatformRecording("v1746376348"), VOD);
  const pasted = "/home/me/www.twitch.tv/videos/1746376348";
  assert.deepEqual(await findPlatformRecording(pasted), VOD);
  assert.equal(findPlatformChannel("https://twitch.tv/Somebody")?.channel.name, "somebody");
  assert.equal(findPlatformChannel("Somebody")?.noun, "VOD");
  assert.equal(await findPlatformRecording("stream.mkv"), undefined);
  assert.equal(findPlatformChannel("two words"), undefined);
  assert.equal(findLiveChannel("#Somebody")?.name, "somebody");
  assert.equal(findLiveChannel("folder://data/vods"), undefined);
});
