import type { Clip } from "lib/learning/dataset/clip.ts";
import { notLabel } from "lib/learning/dataset/label_name.ts";

/** A clip with what a model that has not learnt from it says. */
interface JudgedClip {
  readonly clip: Pick<Clip, "name" | "path" | "group" | "event">;
  /** Chance that the event is heard in it, from 0 to 1. */
  readonly score: number;
  /** Numbers that describe it, the same for all clips. */
  readonly embedding: Float32Array;
}

/** A clip whose label may be wrong. */
export interface LabelSuspect {
  /** Place in the list that was given. */
  readonly index: number;
  readonly clip: JudgedClip["clip"];
  /** What its label is: `<event>` or `not-<event>`. */
  readonly label: string;
  /** What it may have to be. */
  readonly suggestion: string;
  readonly score: number;
  /** How much speaks against its label, from 0 to 1. */
  readonly doubt: number;
  readonly neighbours: readonly Neighbour[];
}

/** A clip that sounds alike. */
interface Neighbour {
  readonly index: number;
  readonly clip: JudgedClip["clip"];
  readonly label: string;
  /** Cosine of the angle between the descriptions, from -1 to 1. */
  readonly likeness: number;
}

/**
 * Ranks clips by how much speaks against their labels, most suspicious first, with the clips that sound most like each.
 * The ranking is by the chance that the held-out models give to the other label, as in confident learning (Northcutt,
 * Jiang and Chuang, "Confident learning: estimating uncertainty in dataset labels", 2021).
 *
 * @param options.event Name of the sound; clips with another or no event are negatives.
 * @param options.count How many are wanted; all by default.
 * @param options.neighbours How many neighbours of each; 3 by default.
 */
export function rankSuspects(
  judged: readonly JudgedClip[],
  options: { readonly event: string; readonly count?: number | undefined; readonly neighbours?: number },
): LabelSuspect[] {
  const { event, count = judged.length, neighbours = 3 } = options;
  const labelOf = ({ clip }: JudgedClip) => clip.event === event ? event : notLabel(event);
  const otherLabel = (label: string) => label === event ? notLabel(event) : event;
  const doubtOf = (item: JudgedClip) => item.clip.event === event ? 1 - item.score : item.score;
  const directions = unitVectors(judged.map(({ embedding }) => embedding));
  return [...judged.keys()]
    .sort((a, b) => doubtOf(judged[b]!) - doubtOf(judged[a]!))
    .slice(0, count)
    .map((index) => {
      const item = judged[index]!;
      const label = labelOf(item);
      const near = nearest(directions, index, neighbours).map(({ index, likeness }) => ({
        index,
        clip: judged[index]!.clip,
        label: labelOf(judged[index]!),
        likeness,
      }));
      return {
        index,
        clip: item.clip,
        label,
        suggestion: otherLabel(label),
        score: item.score,
        doubt: doubtOf(item),
        neighbours: near,
      };
    });
}

/** The most alike, most alike first. */
function nearest(
  directions: readonly Float32Array[],
  index: number,
  count: number,
): { index: number; likeness: number }[] {
  const own = directions[index]!;
  return directions.map((other, i) => {
    let likeness = 0;
    for (let d = 0; d < own.length; d++) likeness += own[d]! * other[d]!;
    return { index: i, likeness };
  }).filter(({ index: i }) => i !== index).sort((a, b) => b.likeness - a.likeness).slice(0, count);
}

/** Each number brought to mean 0 and unit spread over all vectors, then each vector to unit length. */
function unitVectors(vectors: readonly Float32Array[]): Float32Array[] {
  const D = vectors[0]?.length ?? 0;
  const unit = vectors.map((vector) => vector.slice());
  for (let d = 0; d < D; d++) {
    let [sum, squares] = [0, 0];
    for (const vector of unit) sum += vector[d]!;
    const mean = sum / unit.length;
    for (const vector of unit) squares += (vector[d]! - mean) ** 2;
    const spread = Math.sqrt(squares / unit.length);
    for (const vector of unit) vector[d] = spread > 1e-9 ? (vector[d]! - mean) / spread : 0;
  }
  for (const vector of unit) {
    const length = Math.hypot(...vector);
    if (length > 0) { for (let d = 0; d < D; d++) vector[d]! /= length; }
  }
  return unit;
}
