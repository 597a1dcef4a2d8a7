import { counted } from "lib/base/events/counted.ts";
import type { SplitBackground } from "lib/learning/dataset/background.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import { type Teacher, withoutHeard } from "lib/learning/train/heard_background.ts";
import type { CommandContext } from "tasks/command.ts";
import { listenerFor } from "lib/work/search/choose_models.ts";

/** Who hears the events in unlabelled recordings: the listener what it knows, else a model that the user named. */
export async function teachersOf(
  events: readonly string[],
  named: ModelPackage | undefined,
): Promise<Teacher[]> {
  const byListener = await Promise.all(events.map(listenerFor));
  const [dir] = byListener.filter((folder) => folder !== undefined);
  const known = events.filter((_, k) => byListener[k] !== undefined);
  const others = events.filter((event) =>
    !known.includes(event) && named?.manifest.eventNames.includes(event)
  );
  return [
    ...(dir === undefined ? [] : [{ model: await openPackage(dir), events: known }]),
    ...(named && others.length > 0 ? [{ model: named, events: others }] : []),
  ];
}

/** Leaves out of background what the teachers hear an event in, and says how much that is. */
export async function leaveOutHeard(
  background: SplitBackground,
  { teachers, sampleRate, sure }: {
    readonly teachers: readonly Teacher[];
    readonly sampleRate: number;
    /** Names of recordings that are annotated from end to end. */
    readonly sure: ReadonlySet<string>;
  },
  { log, signal }: Pick<CommandContext<Record<never, never>>, "log" | "signal">,
): Promise<SplitBackground> {
  let left = background;
  for (const { model, events } of teachers) {
    // Of another rate it would have to be read a second time.
    if (soundFeatures(model.manifest).sampleRate !== sampleRate) continue;
    const heard = await withoutHeard(left, { model, events }, { sampleRate, sure, signal });
    left = heard.background;
    if (heard.windows === 0 && heard.heldSeconds === 0) continue;
    log.info(
      `left out of the background: ${counted(heard.windows, "window")}, and ${
        heard.heldSeconds.toFixed(0)
      } s of what is held back, in which ${model.dir} hears ${
        events.join(" or ")
      }; where it is wrong, say so in ` +
        "annotations beside the recording (a file with the header alone: nothing is in it)",
    );
  }
  return left;
}
