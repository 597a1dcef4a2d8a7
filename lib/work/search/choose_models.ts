import { join } from "node:path";
import { exists } from "lib/base/system/exists.ts";
import { LISTENER_FOLDER } from "lib/learning/listener/listener_package.ts";
import { findSound, LISTENER_SOUNDS, type Sound } from "lib/learning/listener/sounds.ts";
import { type ModelPackage, openPackage, readManifest } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
import { SearchChoiceError } from "lib/work/search/choice_error.ts";

/** What was asked for; with nothing, burps are listened for. */
interface ModelChoices {
  /** Folders of models. */
  readonly model: readonly string[];
  /** Names of sounds, as a model calls them. */
  readonly event: readonly string[];
  /** Words for sounds, which any model in `models` may know if none was named. */
  readonly sound: readonly string[];
}

/** Which models are to listen for which sounds. */
interface ChosenModels {
  readonly model: readonly string[];
  /** Names of events; none for all that the models know. */
  readonly event: readonly string[];
}

/** A sound and the model that knows it. */
export interface KnownSound extends Pick<Sound, "name" | "title"> {
  readonly model: string;
  /** Other models that know it, which are to be named to be asked. */
  readonly others: readonly string[];
}

/** What listens for burps where there is no listener. */
export const COLD_START: string = join("models", "burp");
const DEFAULT_SOUND = "burp";
/** Folders of models that describe sounds and find none. */
const TRUNKS = /^(base|taught)(-\d+)?$/;

/** The listener's folder, where `deno task setup` could put one. */
export async function listenerFolder(): Promise<string | undefined> {
  return await exists(join(LISTENER_FOLDER, "manifest.json")) ? LISTENER_FOLDER : undefined;
}

/** The listener's folder, if there is one and it knows the event. */
export async function listenerFor(event: string): Promise<string | undefined> {
  return LISTENER_SOUNDS.some(({ name }) => name === event) ? await listenerFolder() : undefined;
}

/**
 * Decides what listens: the models that were named, else the listener for what it knows, else `models/burp`.
 *
 * @throws {SearchChoiceError} If a word means no sound or several, or stands beside `--event`.
 * @throws {ModelPackageError} If a model cannot be used.
 */
export async function chooseModels({ model, event, sound }: ModelChoices): Promise<ChosenModels> {
  if (sound.length > 0) {
    if (event.length > 0) throw new SearchChoiceError("--sound and --event say the same: give one of them");
    return await chooseSounds(sound, model);
  }
  if (model.length > 0) return { model, event };
  const wanted = event.length > 0 ? event : [DEFAULT_SOUND];
  const listeners = await Promise.all(wanted.map(listenerFor));
  const [listener] = listeners;
  return listener !== undefined && !listeners.includes(undefined)
    ? { model: [listener], event: wanted }
    : { model: [COLD_START], event };
}

/** Models that are to listen. */
interface OpenModels {
  readonly models: readonly ModelPackage[];
  /** Names of all of them. */
  readonly modelName: string;
  /** Sounds that they know. */
  readonly known: readonly string[];
  /** Sounds that were asked for; none for all that they know. */
  readonly events: readonly string[];
  /** What should be known of a model that nobody named. */
  readonly note: string | undefined;
}

/**
 * Opens the models that are to listen, as {@linkcode chooseModels} decides.
 *
 * @throws {SearchChoiceError} As there, and if none of them knows a sound.
 * @throws {ModelPackageError} If a model cannot be used.
 */
export async function openModels(choices: ModelChoices): Promise<OpenModels> {
  const { model, event: events } = await chooseModels(choices);
  const models = await Promise.all([...new Set(model)].map((dir) => openPackage(dir)));
  const known = [...new Set(models.flatMap(({ manifest }) => manifest.eventNames))];
  const unknown = events.find((event) => !known.includes(event));
  if (unknown !== undefined) throw new SearchChoiceError(describeUnknown(unknown, known));
  const isColdStart = choices.model.length === 0 && model.includes(COLD_START);
  return {
    models,
    modelName: models.map(({ manifest }) => manifest.name).join(" and "),
    known,
    events,
    note: isColdStart
      ? `${COLD_START} listens, which has never heard a real burp: \`deno task setup --only listener\` gets what knows more`
      : undefined,
  };
}

function describeUnknown(event: string, known: readonly string[]): string {
  const shown = known.length > 12
    ? `${known.length} others; --sound finds one by a part of its name`
    : known.join(", ");
  return `--event ${event} is unknown to the model, which knows ${shown}`;
}

async function chooseSounds(words: readonly string[], named: readonly string[]): Promise<ChosenModels> {
  const known = await knownSounds(named);
  const chosen = words.map((word) => {
    try {
      return findSound(word, known);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const hint = known.some(({ model }) => model === LISTENER_FOLDER) || named.length > 0
        ? "`deno task find --sounds` lists them"
        : "`deno task setup` gets a listener that knows hundreds";
      throw new SearchChoiceError(`--sound ${error.message}; ${hint}`);
    }
  });
  return {
    model: [...new Set(chosen.map(({ model }) => model))],
    event: [...new Set(chosen.map(({ name }) => name))],
  };
}

/**
 * The sounds that can be looked for: those of the models that are named, else those of the listener and of the models in
 * `models`. Each is there once; the listener comes first.
 *
 * @throws {ModelPackageError} If a model that is named cannot be used.
 */
export async function knownSounds(named: readonly string[] = []): Promise<KnownSound[]> {
  const folders = named.length > 0 ? named : await modelFolders();
  const sounds = new Map<string, KnownSound & { readonly others: string[] }>();
  for (const model of folders) {
    for (const name of await eventsOf(model, named.length > 0)) {
      const title = LISTENER_SOUNDS.find((known) => known.name === name)?.title ?? name;
      const known = sounds.get(name);
      if (known) known.others.push(model);
      else sounds.set(name, { name, title, model, others: [] });
    }
  }
  return [...sounds.values()];
}

async function modelFolders(): Promise<string[]> {
  const listener = await listenerFolder();
  const folders: string[] = [];
  if (await exists("models")) {
    for await (const { name, isFile } of Deno.readDir("models")) {
      const folder = join("models", name);
      if (!isFile && !TRUNKS.test(name) && folder !== listener) folders.push(folder);
    }
  }
  // What one has trained oneself goes before what shipped.
  folders.sort((a, b) => Number(a === COLD_START) - Number(b === COLD_START) || (a < b ? -1 : 1));
  return listener === undefined ? folders : [listener, ...folders];
}

async function eventsOf(model: string, isNamed: boolean): Promise<readonly string[]> {
  try {
    return (await readManifest(model)).eventNames;
  } catch (error) {
    if (isNamed || !(error instanceof ModelPackageError)) throw error;
    return [];
  }
}
