import assert from "node:assert/strict";
import { join } from "node:path";
import { createStreamlinkAccess, createYtDlpAccess } from "lib/media/platforms/twitch/program_access.ts";

/** A program that prints `output`, after writing its arguments and the file that they name to its folder. */
async function withProgram(
  output: string,
  code: number,
  run: (path: string, seen: () => Promise<string>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "program");
    await Deno.writeTextFile(join(folder, "output"), output);
    const target = code === 0 ? "" : " >&2";
    const script = `#!/bin/sh
echo "$@" > ${folder}/seen
for f in "$@"; do [ -f "$f" ] && ls -l "$f" >> ${folder}/seen && cat "$f" >> ${folder}/seen; done
cat ${folder}/output${target}
exit ${code}
`;
    await Deno.writeTextFile(path, script, { mode: 0o700 });
    await run(path, () => Deno.readTextFile(join(folder, "seen")));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ignore = Deno.build.os === "windows"; // the stand-in programs are shell scripts

const STREAMLINK = JSON.stringify({
  plugin: "twitch",
  streams: {
    audio: { type: "hls", url: "https://cdn.example/audio_only.m3u8" },
    "160p": { type: "hls", url: "https://cdn.example/160.m3u8" },
    "1080p60": { type: "hls", url: "https://cdn.example/1080.m3u8" },
    worst: { type: "hls", url: "https://cdn.example/160.m3u8" },
    best: { type: "hls", url: "https://cdn.example/1080.m3u8" },
  },
});

Deno.test({
  name: "createStreamlinkAccess() reads what streamlink offers, and hides the token",
  ignore,
  fn: async () => {
    await withProgram(STREAMLINK, 0, async (path, seen) => {
      const access = createStreamlinkAccess({ path, token: "secret-token" });
      assert.equal((await access.openVod("12")).playlistUrl, "https://cdn.example/audio_only.m3u8");
      const [args, mode, secret] = (await seen()).split("\n");
      assert.match(args!, /--json https:\/\/www\.twitch\.tv\/videos\/12$/);
      assert.doesNotMatch(args!, /secret-token/);
      assert.match(mode!, /^-rw-------/);
      assert.equal(secret, "twitch-api-header=Authorization=OAuth secret-token");
      assert.equal(
        (await access.openLive("somebody", { quality: "best" })).playlistUrl,
        "https://cdn.example/1080.m3u8",
      );
      assert.match(await seen(), /https:\/\/www\.twitch\.tv\/somebody\n/);
    });
  },
});

Deno.test({
  name: "createYtDlpAccess() reads what yt-dlp offers, and hides the token",
  ignore,
  fn: async () => {
    const formats = [
      {
        format_id: "sb0",
        url: "https://cdn.example/x.jpg",
        protocol: "mhtml",
        acodec: "none",
        vcodec: "none",
      },
      {
        format_id: "Audio_Only",
        url: "https://cdn.example/a.m3u8",
        protocol: "m3u8_native",
        tbr: 160,
        vcodec: "none",
      },
      {
        format_id: "160p",
        url: "https://cdn.example/160.m3u8",
        protocol: "m3u8_native",
        tbr: 230,
        height: 160,
      },
    ];
    await withProgram(JSON.stringify({ id: "v12", formats }), 0, async (path, seen) => {
      const access = createYtDlpAccess({ path, token: "secret-token" });
      assert.equal((await access.openVod("12")).playlistUrl, "https://cdn.example/a.m3u8");
      assert.equal(
        (await access.openVod("12", { quality: "480p" })).playlistUrl,
        "https://cdn.example/160.m3u8",
      );
      const [args, mode] = (await seen()).split("\n");
      assert.doesNotMatch(args!, /secret-token/);
      assert.match(mode!, /^-rw-------/);
      assert.match(await seen(), /auth-token\tsecret-token\n/);
    });
  },
});

Deno.test({
  name: "the accesses through programs say why a VOD cannot be played",
  ignore,
  fn: async () => {
    for (
      const [text, problem] of [
        [
          "ERROR: [twitch:vod] 12: You must be logged into an account that has access to this subscriber-only content",
          "subscriber-only",
        ],
        ["ERROR: [twitch:vod] 12: Video 12 does not exist", "deleted"],
        ["error: 401 Unauthorized", "expired-token"],
        ["something odd at https://usher.example/?nauth=secret", "unexpected-answer"],
      ] as const
    ) {
      await withProgram(text, 1, async (path) => {
        const error = await createYtDlpAccess({ path }).openVod("12").catch((error: unknown) => error);
        assert.equal((error as { problem?: string }).problem, problem);
        assert.doesNotMatch(String(error), /secret/);
      });
    }
    await withProgram('{"error": "No playable streams found on this URL: x"}', 0, async (path) => {
      const access = createStreamlinkAccess({ path });
      await assert.rejects(access.openLive("somebody"), { problem: "offline" });
      await assert.rejects(access.openVod("12"), { problem: "deleted" });
    });
    await withProgram("not json", 0, async (path) => {
      await assert.rejects(createStreamlinkAccess({ path }).openVod("1"), { problem: "unexpected-answer" });
    });
  },
});
