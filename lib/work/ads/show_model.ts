import { z } from "zod";
import { type ModelPackage, openPackage } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
import type { ClassNames } from "lib/work/ads/segment.ts";

/** What a model of a show keeps beside its network, in its manifest. */
const showSchema = z.looseObject({
  classes: z.strictObject({ ad: z.string().min(1), content: z.string().min(1) }),
  breakLengths: z.strictObject({
    /** In seconds. */
    shortest: z.number().positive(),
    longest: z.number().positive(),
    shortestBetween: z.number().positive(),
  }),
});

/** How long breaks are, in seconds. */
export type BreakSeconds = z.infer<typeof showSchema>["breakLengths"];

/** A model that tells the two classes of a show apart. */
export interface ShowModel {
  readonly model: ModelPackage;
  readonly classes: ClassNames;
  readonly breakLengths: BreakSeconds;
}

/**
 * Opens what `ads train` wrote.
 *
 * @throws {ModelPackageError} If the folder is no model, or one of something else.
 */
export async function openShowModel(dir: string): Promise<ShowModel> {
  const model = await openPackage(dir);
  const show = showSchema.safeParse(model.manifest.training);
  if (!show.success) {
    throw new ModelPackageError(dir, "it is no model of a show: make one with `deno task ads train`");
  }
  return { model, classes: show.data.classes, breakLengths: show.data.breakLengths };
}

/** Limits of what breaks can last, by how long they are in labelled episodes: half the shortest to twice the longest. */
export function learnBreakLengths(
  breaks: readonly { readonly onset: number; readonly offset: number }[],
): BreakSeconds {
  const seconds = breaks.map(({ onset, offset }) => offset - onset);
  return {
    shortest: Math.max(1, 0.5 * Math.min(...seconds)),
    longest: 2 * Math.max(...seconds),
    shortestBetween: 10,
  };
}
