/** Ends an error about an unknown word: `; did you mean --model?`, or nothing when no known word is close. */
export function suggest(word: string, known: readonly string[]): string {
  const limit = Math.max(1, Math.floor(word.replace(/^-+/, "").length / 3));
  const [closest] = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance);
  return closest ? `; did you mean ${closest.candidate}?` : "";
}

/**
 * Fewest insertions, deletions, replacements and swaps of neighbouring letters that turn one word into the other
 * (Damerau, "A technique for computer detection and correction of spelling errors", 1964).
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, beforePrevious[j - 2]! + 1);
      row.push(best);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length]!;
}
