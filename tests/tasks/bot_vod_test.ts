import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { readSamples } from "lib/media/audio/clip.ts";
import { withToneModel } from "tests/learning/detect/with_tone_model.ts";
import { fakeVod, startFakeTwitch } from "tests/fakes/twitch_server.ts";
import { makeMediaOf } from "tests/fakes/vod_media.ts";
import { hasProgram } from "tests/requirements.ts";

const TASK = fileURLToPath(new URL("../../tasks/bot.ts", import.meta.url));
const ID = "1746376348";

Deno.test({
  name: "bot --replay takes a VOD, and says what it says about the same sound in a file",
  ignore: !(await hasProgram("ffmpeg")),
  fn: () =>
    withToneModel(async ({ folder, modelDir, recording }) => {
      const samples = await readSamples(recording, { sampleRate: 8000 });
      const vod = fakeVod(await makeMediaOf(samples, { sampleRate: 8000, segmentSeconds: 2, picture: true }));
      await using twitch = startFakeTwitch({ [ID]: vod });
      const { gql, usher, helix, id } = twitch.endpoints;
      const chat = join(folder, "chat.csv");
      await Deno.writeTextFile(chat, "time,user_name,message\n7,anna,!low\n19,ben,!low\n");
      const run = async (source: string | undefined, more: readonly string[] = []) => {
        const replay = source === undefined ? [] : [
          ...["--replay", source, "--chat", chat, "--report", join(folder, "page.html")],
        ];
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: [
            ...["run", "-q", "--no-check", "--allow-all", TASK, ...replay],
            ...["--model", modelDir, "--event", "low", "--no-announce", "--cooldown", "10"],
            ...more,
          ],
          cwd: folder,
          env: {
            TWITCH_GQL_URL: gql,
            TWITCH_USHER_URL: usher,
            TWITCH_HELIX_URL: helix,
            TWITCH_ID_URL: id,
            NO_COLOR: "1",
            INIT_CWD: folder,
            TWITCH_IRC_URL: "ws://127.0.0.1:9",
          },
          stdout: "piped",
          stderr: "piped",
        }).output();
        const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
        assert.equal(code, 0, err);
        return { out: out!, err: err! };
      };
      const onFile = await run(recording);
      const onVod = await run(ID);
      assert.ok(twitch.requests.some((text) => text.startsWith("segment")), "the VOD was not fetched");
      // The second tone: somebody was a second quicker.
      assert.equal(onFile.out, "00:00:04.000  !low\n");
      const link = `https://www.twitch.tv/videos/${ID}?t=2s`;
      assert.equal(onVod.out, `${onFile.out.trimEnd()}  ${link}\n`);
      const page = await Deno.readTextFile(join(folder, "page.html"));
      assert.ok(page.includes(`<a href="${link}"`), "the report has no links to the moments");
      for (const { err } of [onFile, onVod]) {
        assert.match(err, /2 lows heard, 1 answered, 1 left unanswered/);
        assert.match(err, /unanswered because a person was quicker \(1\)/);
      }
      for (const quality of ["9999p", "huge"]) {
        const refused = await run(ID, ["--quality", quality]).then(() => "", (error) => String(error));
        assert.match(
          refused,
          new RegExp(`no quality "${quality}"; this recording offers audio_only, 160p30`),
        );
        // A channel is not waited for: the quality will not come.
        vod.available = 5;
        const live = ["--channel", "somebody", "--chats", "-", "--output", "-", "--quality", quality];
        assert.match(await run(undefined, live).then(() => "", (error) => String(error)), /no quality/);
        vod.available = Infinity;
      }
      const missing = await run("99999999999").then(() => "", (error) => String(error));
      assert.match(missing, /VOD 99999999999/);
    }),
});
