import { basename, join } from "node:path";
import { copyClip } from "lib/learning/dataset/clip_file.ts";

/** A clip that a model is wrong about. */
export interface Mistake {
  readonly path: string;
  readonly score: number;
  /** `false-positives`: the model hears the event, the label says no; `false-negatives`: the other way round. */
  readonly kind: "false-positives" | "false-negatives";
}

/** The mistakes of a model, the worst first. */
export function findMistakes(
  clips: readonly { readonly path: string; readonly event?: string }[],
  scores: ArrayLike<number>,
  threshold: number,
): Mistake[] {
  return clips.flatMap(({ path, event }, i): Mistake[] => {
    const score = scores[i]!;
    if ((score >= threshold) === (event !== undefined)) return [];
    return [{ path, score, kind: event === undefined ? "false-positives" : "false-negatives" }];
  }).toSorted((a, b) => Math.abs(b.score - threshold) - Math.abs(a.score - threshold));
}

/**
 * Copies mistakes to `false-positives` and `false-negatives` in a folder, or moves them there; names that are taken get a
 * number. Both folders are there afterwards, be they empty.
 *
 * @returns Where each is now, in order.
 */
export async function sortMistakes(
  folder: string,
  mistakes: readonly Mistake[],
  { move = false }: { readonly move?: boolean } = {},
): Promise<string[]> {
  for (const kind of ["false-positives", "false-negatives"] as const) {
    await Deno.mkdir(join(folder, kind), { recursive: true });
  }
  const places: string[] = [];
  for (const { path, kind } of mistakes) {
    const [, stem = "", ending = ""] = /^(.*?)(\.[^.]*)?$/s.exec(basename(path)) ?? [];
    let place = join(folder, kind, basename(path));
    for (let number = 2; places.includes(place) || !await copyClip(path, place); number++) {
      place = join(folder, kind, `${stem} (${number})${ending}`);
    }
    // First a whole copy: an interruption loses nothing.
    if (move) await Deno.remove(path);
    places.push(place);
  }
  return places;
}
