/**
 * Largest one-to-one matching in a bipartite graph (Hopcroft and Karp, 1973): every left vertex is paired with at
 * most one of its neighbours on the right, and no other choice makes more pairs.
 *
 * The walk begins with a greedy matching in the given order, so that equal inputs give equal pairs.
 *
 * @param neighbours For every left vertex, the right vertices that it may be paired with, in order of preference.
 * @param rightCount Number of right vertices; neighbours are from 0 to `rightCount - 1`.
 * @returns For every right vertex, the left vertex that it is paired with, or -1.
 */
export function maximumMatching(neighbours: readonly (readonly number[])[], rightCount: number): Int32Array {
  const leftOf = new Int32Array(rightCount).fill(-1);
  const matchedLeft = new Uint8Array(neighbours.length);
  neighbours.forEach((candidates, left) => {
    const free = candidates.find((right) => leftOf[right] === -1);
    if (free === undefined) return;
    leftOf[free] = left;
    matchedLeft[left] = 1;
  });
  while (augment(neighbours, leftOf, matchedLeft)) { /* each round lengthens the shortest remaining path */ }
  return leftOf;
}

/** One round: finds the shortest augmenting paths and flips those that share no vertex. True if there were any. */
function augment(
  neighbours: readonly (readonly number[])[],
  leftOf: Int32Array,
  matchedLeft: Uint8Array,
): boolean {
  // Breadth first from the unmatched left vertices. `cameFrom[right]` are the left vertices one layer before it.
  const cameFrom = new Map<number, number[]>();
  const depthOf = new Map<number, number>();
  let layer = [...neighbours.keys()].filter((left) => matchedLeft[left] === 0);
  layer.forEach((left) => depthOf.set(left, 0));
  let ends: number[] = [];
  for (let depth = 1; layer.length > 0 && ends.length === 0; depth++) {
    const reached = new Map<number, number[]>();
    for (const left of layer) {
      for (const right of neighbours[left]!) {
        if (cameFrom.has(right)) continue;
        const before = reached.get(right);
        if (before) before.push(left);
        else reached.set(right, [left]);
      }
    }
    layer = [];
    for (const [right, before] of reached) {
      cameFrom.set(right, before);
      const left = leftOf[right]!;
      if (left === -1) {
        ends.push(right);
      } else if (!depthOf.has(left)) {
        depthOf.set(left, depth);
        layer.push(left);
      }
    }
  }
  if (ends.length === 0) return false;

  // Depth first back from the free right vertices; a vertex that was tried once is used up.
  const rightOf = new Map<number, number>();
  leftOf.forEach((left, right) => left !== -1 && rightOf.set(left, right));
  const used = new Set<number>();
  const flip = (right: number): boolean => {
    const before = cameFrom.get(right);
    if (!before) return false;
    cameFrom.delete(right);
    for (const left of before) {
      if (used.has(left)) continue;
      used.add(left);
      if (depthOf.get(left) === 0 || flip(rightOf.get(left)!)) {
        leftOf[right] = left;
        matchedLeft[left] = 1;
        return true;
      }
    }
    return false;
  };
  ends = ends.filter((right) => flip(right));
  return ends.length > 0;
}
