import { join } from "node:path";
import { writeChatFile } from "lib/media/chat/chat_file.ts";
import type { PlantedStream } from "tests/fakes/planted_stream.ts";
import type { FakeTwitch } from "tests/fakes/twitch_server.ts";

/** Id of the VOD that the tests harvest. */
export const NAME = "1746376348";
const TASK = join(import.meta.dirname!, "..", "..", "..", "tasks", "harvest.ts");

/** Runs the real command in a process of its own. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<{ code: number; signal: Deno.Signal | null; out: string; err: string }> {
  const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-check", "--allow-read", "--allow-write", "--allow-net=127.0.0.1", "--allow-run"],
      ...["--allow-env", "--allow-sys", "--allow-ffi", ...flags, TASK, ...args],
    ],
    env: { ...env, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, signal, out: text(stdout), err: text(stderr) };
}

/** Environment that leads the command to a server. */
export function endpointsOf(twitch: FakeTwitch): Record<string, string> {
  const { gql, usher, helix, id } = twitch.endpoints;
  return { TWITCH_GQL_URL: gql, TWITCH_USHER_URL: usher, TWITCH_HELIX_URL: helix, TWITCH_ID_URL: id };
}

/** Runs `check` with a folder of data that holds the chat of a stream. */
export async function withData(stream: PlantedStream, check: (data: string) => Promise<void>): Promise<void> {
  const data = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(data, "chats"));
    await writeChatFile(join(data, "chats", `twitch-chat-${NAME}.csv`), stream.chat);
    await check(data);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}
