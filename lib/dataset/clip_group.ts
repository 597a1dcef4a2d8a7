/** How the recording that a clip came from is told from its file name. */
export interface GroupOptions {
  /** The first group of this pattern that matched something; the whole match if it has none. */
  readonly pattern?: RegExp;
}

/**
 * Name of the recording that a clip was cut from. Copies and neighbours of one sound must not be on both sides of
 * a split, or validation would measure memory.
 *
 * Without a pattern: a leading VOD id (as in `1746376348_0012.wav`), else the stem without a copy number or
 * `_dummy`.
 *
 * @param name File name, with or without folders.
 */
export function clipGroup(name: string, { pattern }: GroupOptions = {}): string {
  const stem = name.replace(/^.*[/\\]/, "").replace(/\.[A-Za-z0-9]{1,5}$/, "");
  if (pattern) {
    const match = pattern.exec(stem);
    if (match) return match.slice(1).find((part) => part !== undefined && part !== "") ?? match[0];
  }
  const vod = /^v?(\d{8,12})(?=[^0-9]|$)/.exec(stem);
  if (vod) return vod[1]!;
  return stem
    .replace(/(?:[ _-]*\(\d+\)|[ _-]+copy(?:[ _-]?\d+)?|_dummy\d*)+$/i, "")
    .replace(/[ _.-]\d{1,4}$/, "") || stem;
}
