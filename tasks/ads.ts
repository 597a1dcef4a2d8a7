import { type Command, defineCommand, EXIT_CODES, type OptionTable, runCommand } from "tasks/command.ts";
import { type Host, systemHost } from "tasks/command/host.ts";
import { suggest } from "tasks/command/suggestion.ts";

/** Runs one part of the command. */
type Part = (host: Host) => Promise<number>;

/** A part whose module is loaded when it is asked for: cutting must not load TensorFlow. */
function part<Table extends OptionTable>(load: () => Promise<Command<Table>>): Part {
  return async (host) => await runCommand(await load(), host);
}

/** What `deno task ads` can do, in the order of work. */
const PARTS: Readonly<Record<string, Part>> = {
  synthesize: part(async () => (await import("tasks/ads/synthesize.ts")).adsSynthesize),
  train: part(async () => (await import("tasks/ads/train.ts")).adsTrain),
  find: part(async () => (await import("tasks/ads/find.ts")).adsFind),
  repeats: part(async () => (await import("tasks/ads/repeats.ts")).adsRepeats),
  cut: part(async () => (await import("tasks/ads/cut.ts")).adsCut),
  evaluate: part(async () => (await import("tasks/ads/evaluate.ts")).adsEvaluate),
};

/** Says what parts there are. */
const adsHelp = defineCommand({
  name: "ads",
  summary: "learns what advertisements of a podcast sound like, and finds them in its episodes",
  description: `Parts: ${Object.keys(PARTS).join(", ")}. \`deno task ads PART --help\` says what each takes.`,
  positionals: { name: "PART", help: "what to do, and what that takes", min: 1 },
  options: {},
  examples: [
    ["deno task ads synthesize shows", "made episodes with their labels, to try things on"],
    ["deno task ads train shows/one/01.wav shows/one/02.wav", "learns a show from two labelled episodes"],
    ["deno task ads find shows/one/03.wav", "where the ads of a third one are: shows/one/03.ads.csv"],
    ["deno task ads cut shows/one/03.wav", "that one without them: shows/one/03.no-ads.wav"],
    ["deno task ads repeats shows/one/*.wav", "what stands in more than one episode, without any label"],
  ],
  run: () => {},
});

/** `deno task ads`: hands over to one of its parts. */
export async function ads(host: Host): Promise<number> {
  const [name = "", ...args] = host.args;
  const chosen = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (chosen) return await chosen({ ...host, args });
  if (name === "" || name.startsWith("-")) return await runCommand(adsHelp, host);
  host.writeError(
    `error: ads knows no "${name}"${suggest(name, Object.keys(PARTS))}\n` +
      "Run `deno task ads --help` to see what it takes.\n",
  );
  return EXIT_CODES.wrongUsage;
}

if (import.meta.main) Deno.exit(await ads(systemHost()));
