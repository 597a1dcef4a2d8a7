import { createRandom } from "lib/base/numbers/random.ts";
import {
  BANDS,
  type ClipFingerprint,
  compareFingerprints,
  PATCH_FRAMES,
} from "lib/learning/dataset/clip_fingerprint.ts";

/**
 * Alike enough to be one sound. Measured on 120 clips of all kinds: of copies through AAC, MP3 and Opus at 24 to 48 kbit/s,
 * some delayed and softer, 92 to 97 % are found (what is missed is mostly hiss), and all that are merely softer; of
 * 156,000 pairs of different clips one was taken for the same.
 */
const SAME_SOUND = 0.95;

const TABLES = 20;
const BITS = 16;
/** Cells that a bit looks at; all of them would cost more and tell no more. */
const CELLS_PER_BIT = 64;
/** Cells that differ by less between sounds, in levels (5 dB), hold what a coder changes. */
const MIN_SPREAD = 32;
/** Patches of one sound are more alike than this even a frame apart; most chance meetings in a bucket are not. */
const MIN_COSINE = 0.8;
/** Sounds that share a bucket with more than so many others are compared with the next so many only. */
const MAX_NEIGHBOURS = 64;

/**
 * Finds clips that hold the same sound at any loudness and through any coder, without comparing all pairs: sounds whose
 * loudest parts look alike fall into the same bucket of at least one of twenty hash tables (random hyperplanes; Charikar,
 * "Similarity estimation techniques from rounding algorithms", 2002), and only those are compared.
 *
 * @returns Sets of indices that belong together, each of two or more, in order.
 */
export function findNearDuplicates(fingerprints: readonly ClipFingerprint[]): number[][] {
  const sets = createSets(fingerprints.length);
  joinIdentical(fingerprints, sets);
  // Of copies that are equal in every level, one stands for all.
  const patches = fingerprints.flatMap((fingerprint, clip) =>
    sets.find(clip) !== clip
      ? []
      : fingerprint.anchors.map((anchor) => ({ clip, anchor, cells: cutPatch(fingerprint, anchor) }))
  ).map((patch, index) => ({ ...patch, index }));
  whiten(patches.map(({ cells }) => cells));
  const tried = new Set<number>();
  const random = createRandom("near duplicates");
  for (let table = 0; table < TABLES; table++) {
    // For each bit the cells that are added, then as many that are taken away.
    const planes = Uint16Array.from(
      { length: BITS * CELLS_PER_BIT },
      () => random.integer(PATCH_FRAMES * BANDS),
    );
    for (const bucket of Map.groupBy(patches, ({ cells }) => hash(cells, planes)).values()) {
      for (let i = 1; i < bucket.length; i++) {
        const a = bucket[i]!;
        for (let j = Math.max(0, i - MAX_NEIGHBOURS); j < i; j++) {
          const b = bucket[j]!;
          const pair = a.index * patches.length + b.index;
          if (tried.has(pair)) continue;
          tried.add(pair);
          if (sets.find(a.clip) === sets.find(b.clip) || cosine(a.cells, b.cells) < MIN_COSINE) continue;
          const [left, right] = [fingerprints[a.clip]!, fingerprints[b.clip]!];
          if (compareFingerprints(left, right, a.anchor, b.anchor) >= SAME_SOUND) sets.join(a.clip, b.clip);
        }
      }
    }
  }
  const groups = Map.groupBy(fingerprints.keys(), (clip) => sets.find(clip));
  return [...groups.values()].filter((clips) => clips.length > 1);
}

function joinIdentical(fingerprints: readonly ClipFingerprint[], sets: Sets): void {
  const seen = new Map<string, number>();
  const decoder = new TextDecoder("latin1");
  for (const [clip, { levels }] of fingerprints.entries()) {
    const key = decoder.decode(levels);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, clip);
    else sets.join(first, clip);
  }
}

function cutPatch({ levels, frames }: ClipFingerprint, anchor: number): Float32Array {
  const cells = new Float32Array(PATCH_FRAMES * BANDS);
  const first = anchor - PATCH_FRAMES / 2;
  for (let t = Math.max(0, -first); t < PATCH_FRAMES && first + t < frames; t++) {
    cells.set(levels.subarray((first + t) * BANDS, (first + t + 1) * BANDS), t * BANDS);
  }
  return cells;
}

/**
 * What all sounds have in common says nothing: takes away the mean of each cell, evens out its spread, and brings each
 * patch to unit length.
 */
function whiten(patches: readonly Float32Array[]): void {
  for (let cell = 0; cell < PATCH_FRAMES * BANDS; cell++) {
    let [sum, squares] = [0, 0];
    for (const patch of patches) {
      sum += patch[cell]!;
      squares += patch[cell]! ** 2;
    }
    const mean = sum / patches.length;
    const scale = 1 / Math.sqrt(Math.max(MIN_SPREAD ** 2, squares / patches.length - mean ** 2));
    for (const patch of patches) patch[cell] = (patch[cell]! - mean) * scale;
  }
  for (const patch of patches) {
    const length = Math.sqrt(patch.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) { for (let cell = 0; cell < patch.length; cell++) patch[cell]! /= length; }
  }
}

function hash(cells: Float32Array, planes: Uint16Array): number {
  let bits = 0;
  for (let at = 0; at < planes.length; at += CELLS_PER_BIT) {
    let side = 0;
    for (let i = at; i < at + CELLS_PER_BIT / 2; i++) {
      side += cells[planes[i]!]! - cells[planes[i + CELLS_PER_BIT / 2]!]!;
    }
    bits = bits * 2 + (side > 0 ? 1 : 0);
  }
  return bits;
}

/** Of two patches of unit length. */
function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

interface Sets {
  /** The first member of the set that an item is in. */
  find(item: number): number;
  join(a: number, b: number): void;
}

/** Disjoint sets. */
function createSets(size: number): Sets {
  const parents = Int32Array.from({ length: size }, (_, i) => i);
  const find = (item: number): number => {
    while (parents[item] !== item) {
      parents[item] = parents[parents[item]!]!;
      item = parents[item]!;
    }
    return item;
  };
  return {
    find,
    join(a, b) {
      const [left, right] = [find(a), find(b)];
      parents[Math.max(left, right)] = Math.min(left, right);
    },
  };
}
