import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import { SearchChoiceError } from "lib/work/search/choice_error.ts";
import { chooseModels, COLD_START, type ModelChoices } from "lib/work/search/choose_models.ts";

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
