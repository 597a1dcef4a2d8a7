import { LISTENER_FOLDER } from "lib/learning/listener/listener_package.ts";
import type { CommandContext } from "tasks/command.ts";
import { type KnownSound, knownSounds } from "lib/work/search/choose_models.ts";
import type { FIND_OPTIONS } from "tasks/find/options.ts";

/** Prints the sounds that can be looked for, each with the model that would listen; gives the exit code. */
export async function listSounds(
  { options, log, print, printJson }: CommandContext<typeof FIND_OPTIONS>,
): Promise<number> {
  const sounds = await knownSounds(options.model);
  for (const sound of sounds) print(describe(sound));
  printJson(sounds);
  if (options.model.length === 0 && !sounds.some(({ model }) => model === LISTENER_FOLDER)) {
    log.info("`deno task setup` gets a listener that knows hundreds of sounds");
  }
  return 0;
}

function describe({ name, title, model, others }: KnownSound): string {
  const what = name === title ? name : `${name} (${title})`;
  const who = model === LISTENER_FOLDER ? what : `${what}: ${model}`;
  return others.length === 0 ? who : `${who}; with --model also ${others.join(", ")}`;
}
