import { CHAT_FORMATS } from "lib/media/chat/chat_format.ts";
import { DEFAULT_HARVEST } from "lib/work/harvest/harvest_options.ts";
import { defineCommand, runAsMain } from "tasks/command.ts";
import { HARVEST_GROUPS, HARVEST_OPTIONS } from "tasks/harvest/options.ts";

/** `deno task harvest`: cuts training clips out of recordings, where chat says that the sound was heard. */
export const harvest = defineCommand({
  name: "harvest",
  summary: "cuts training clips out of recordings, where chat says that the sound was heard",
  description:
    `Reads every chat file of data/chats that has a VOD's id in its name (twitch-chat-1746376348.csv), finds ` +
    `where people typed the command (${DEFAULT_HARVEST.command}), listens to the seconds before it and cuts clips of what ` +
    "stands out there. Of each VOD only those segments are fetched, and kept under data/vods. Clips go to " +
    "data/clips/<event>-audio and not-<event>-audio, those that a person has to decide on to <event>-candidates, and " +
    "each gets a label in data/labels.jsonl. Running it again adds what is new and changes nothing that is there.\n" +
    `Chats are read from ${CHAT_FORMATS}. The chat of a part of a VOD goes with a recording of that part.`,
  positionals: { name: "CHAT", help: "chat files (default all of data/chats)" },
  options: HARVEST_OPTIONS,
  groups: HARVEST_GROUPS,
  examples: [
    ["deno task harvest", "all chats of data/chats, from Twitch"],
    ["deno task harvest --vod 1746376348 --report", "one VOD with its chat, and a page about it"],
    ["deno task harvest --channel somebody --since 30d", "all VODs of a channel's last 30 days"],
    [
      "deno task harvest --local data/vods/1746376348.mkv",
      "from a recording that you have; the chat goes by the id",
    ],
    [
      "deno task harvest --event cough --command '/!coughs?/'",
      "another sound, its command as a regular expression",
    ],
  ],
  run: async (context) => {
    // Loaded here, so that help and wrong usage need none of it.
    const { runHarvest } = await import("tasks/harvest/run_harvest.ts");
    return await runHarvest(context);
  },
});

if (import.meta.main) await runAsMain(harvest);
