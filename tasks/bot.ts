import { defineCommand, runAsMain } from "tasks/command.ts";
import { BOT_GROUPS, BOT_OPTIONS } from "tasks/bot/options.ts";

/** `deno task bot`: answers a sound of a live stream in its chat. */
export const bot = defineCommand({
  name: "bot",
  summary: "hears a sound in a live stream, and answers it in the chat",
  description:
    "Listens to a channel and says the command in its chat when the sound is heard. Without --live it only shows what it " +
    "would say. The broadcaster and moderators can tell it ?bcstop, ?bcstart, ?hello, ?burps (the event and an s), " +
    "?threshold 0.8 and ?wrong, which makes the last detection a negative clip. It keeps a clip of each detection and " +
    "writes the chat down. With --replay the very same bot runs against a recording.",
  options: BOT_OPTIONS,
  groups: BOT_GROUPS,
  examples: [
    ["deno task bot --channel somebody", "listen, and show what would be said"],
    ["TWITCH_BOT_TOKEN=... deno task bot --channel somebody --live", "speak, too"],
    [
      "deno task bot --replay data/vods/stream.wav --chat data/chats/twitch-chat-stream.csv",
      "what it would have said",
    ],
    ["deno task bot --channel somebody --source mic --no-announce", "listen to the microphone"],
  ],
  run: async (context) => {
    // Loaded here, so that help and wrong usage need none of it.
    const { runBot } = await import("tasks/bot/run_bot.ts");
    return await runBot(context);
  },
});

if (import.meta.main) await runAsMain(bot);
