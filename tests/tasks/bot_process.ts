import assert from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "lib/base/system/clock.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import { frequencyOfBands, toneRecording } from "tests/learning/detect/tone_recording.ts";
import { withToneModel } from "tests/learning/detect/with_tone_model.ts";
import { type FakeChatServer, startFakeChat } from "tests/fakes/chat_server.ts";
import { type FakeHelix, startFakeHelix } from "tests/fakes/helix_server.ts";

const TOKEN = "token1234567890";

/** The real command as a process of its own, with the servers that it speaks to. */
export interface Running {
  /** The process that runs now. */
  readonly child: Deno.ChildProcess;
  /** Ends it as a service manager does, and starts it anew. */
  restart(): Promise<void>;
  readonly chat: FakeChatServer;
  readonly helix: FakeHelix;
  readonly folder: string;
  /** What the process has written so far. */
  readonly written: () => string;
}

/**
 * Runs the real command, with a tone model, on a recording that plays as if it were live, against servers of its own.
 * Later `args` win over those that are given here.
 */
export async function withProcess(
  options: {
    readonly recording?: (folder: string) => Promise<string>;
    /** Listened to instead of the recording. */
    readonly source?: string;
    /** Folder of another model. */
    readonly model?: string;
    readonly args?: readonly string[];
    readonly scopes?: readonly string[];
    readonly env?: Readonly<Record<string, string>> | undefined;
    /** Started as `npx` does: a shell, below it `deno task`, below it the bot; the process is the shell. */
    readonly throughShell?: boolean;
  },
  check: (running: Running) => Promise<void>,
): Promise<void> {
  await withToneModel(async ({ modelDir, folder }) => {
    await using chat = startFakeChat("somebody", systemClock);
    await using helix = startFakeHelix(systemClock);
    chat.tokens.add(TOKEN);
    helix.users.set("somebody", "1");
    const scopes = options.scopes ?? ["chat:read", "chat:edit", "user:write:chat"];
    helix.tokens.set(TOKEN, { login: "the_bot", userId: "7", scopes, expiresIn: 9999 });
    const source = options.source ?? await (options.recording ?? wavStream)(folder);
    const beginning = options.throughShell
      ? ["-c", `'${Deno.execPath()}' task bot "$@"; true`, "sh"]
      : ["run", "--no-check", "--allow-all", "tasks/bot.ts"];
    const command = new Deno.Command(options.throughShell ? "sh" : Deno.execPath(), {
      args: [
        ...beginning,
        ...["--live", "--verbose"],
        ...["--channel", "somebody", "--source", source],
        ...(options.model === undefined
          ? ["--model", modelDir, "--event", "low"]
          : ["--model", options.model]),
        ...["--output", join(folder, "found"), "--chats", join(folder, "chats")],
        ...["--clip-folder", join(folder, "data/clips"), ...options.args ?? []],
      ],
      env: {
        TWITCH_BOT_TOKEN: `oauth:${TOKEN}`,
        TWITCH_IRC_URL: chat.url,
        TWITCH_ID_URL: helix.idUrl,
        TWITCH_HELIX_URL: helix.helixUrl,
        ...options.env,
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
    let text = "";
    const reading: Promise<void>[] = [];
    const start = (): Deno.ChildProcess => {
      const child = command.spawn();
      for (const stream of [child.stdout, child.stderr]) {
        reading.push((async () => {
          for await (const part of stream.pipeThrough(new TextDecoderStream())) text += part;
        })());
      }
      return child;
    };
    let child = start();
    const restart = async () => {
      child.kill("SIGTERM");
      await child.status;
      child = start();
    };
    try {
      await check({
        get child() {
          return child;
        },
        restart,
        chat,
        helix,
        folder,
        written: () => text,
      });
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${text}`, { cause: error });
    } finally {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
      await Promise.all(reading);
    }
    assert.ok(!text.includes(TOKEN), "the log tells the token");
  });
}

/** Ten minutes of soft noise with a tone soon after the start. */
export async function wavStream(folder: string): Promise<string> {
  const path = join(folder, "stream.wav");
  const tones = [{ onset: 3, offset: 3.8, frequency: frequencyOfBands(0) }];
  await writeWav(path, toneRecording(600, tones), { sampleRate: 8000 });
  return path;
}
