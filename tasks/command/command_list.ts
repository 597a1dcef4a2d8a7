import denoConfig from "../../deno.json" with { type: "json" };

/** Names of all commands by what they are for; those that are needed first come first. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "To begin": ["demo", "setup", "help"],
  "Find a sound": ["find", "label", "separate", "ads"],
  "Make a detector of your own": [
    "harvest",
    "train",
    "tune",
    "evaluate",
    "review",
    "doctor",
    "runs",
    "synthesize",
    "notebook",
  ],
  "Answer in a chat": ["bot"],
  "To make room": ["clean"],
  "For developers": ["test", "test:long", "ok", "notebooks", "bench", "cold-start", "pretrain"],
};

const NAME_WIDTH = 12;

/** All commands in their groups, a line each, of at most 80 characters. */
export function listCommands(): string[] {
  const tasks: Readonly<Record<string, { readonly description: string } | undefined>> = denoConfig.tasks;
  const blocks = Object.entries(GROUPS).map(([group, names]) => [
    group,
    ...names.map((name) => {
      // The list of `deno task` knows no groups, so that the description says who needs it.
      const description = tasks[name]?.description.replace(`${group}: `, "") ?? "";
      return `  ${name.padEnd(NAME_WIDTH)}${description.charAt(0).toUpperCase()}${description.slice(1)}`;
    }),
    "",
  ]);
  return [
    ...blocks.flat(),
    "Write `deno task NAME ...`; `deno task NAME --help` says what a command takes.",
  ];
}
