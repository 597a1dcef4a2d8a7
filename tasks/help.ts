import { defineCommand, runAsMain } from "tasks/command.ts";
import { GROUPS, listCommands } from "tasks/command/command_list.ts";

/** `deno task help`: what there is, shorter than the list of `deno task`. */
export const help = defineCommand({
  name: "help",
  summary: "lists all commands in groups",
  options: {},
  examples: [["deno task find --help", "what find takes"]],
  run({ print, printJson }) {
    listCommands().forEach(print);
    printJson(GROUPS);
  },
});

if (import.meta.main) await runAsMain(help);
