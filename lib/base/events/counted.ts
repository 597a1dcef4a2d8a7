/** A number of things in words: `1 recording`, `2 recordings`; `plural` where it is not the word with an s. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
