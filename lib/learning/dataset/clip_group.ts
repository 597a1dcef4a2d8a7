/** How the recording that a clip came from is told from its file name. */
export interface GroupOptions {
  /** The first group of this pattern that matched something; the whole match if it has none. */
  readonly pattern?: RegExp;
}

/** What this project puts behind the recording's name in clips that it cuts: when they begin, and perhaps a label. */
const CUT = /^(.+)[_-](?:\d{5,}\.\d{2,3}|\d+h\d\dm\d\ds\d{3})(?:_.*)?$/s;
/** A date as recorders write it into names: 20190401 or 2019-04-01, from 1990 on. */
const DATE = String.raw`(?:199\d|20\d\d)([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3])([-_.:h]?)[0-5]\d(?:\2[0-5]\d)?`;
const DATE_TIME = new RegExp(String.raw`(?<!\d)${DATE}(?:[ _]?[T_ -]|[ _]at[ _])?[ _-]?${TIME}(?!\d)`, "i");
const DATE_ALONE = new RegExp(
  String.raw`(?<!\d)(?:199\d|20\d\d)([-_.])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)`,
);

/**
 * Name of the recording that a clip was cut from. Copies and neighbours of one sound must not be on both sides of
 * a split, or validation would measure memory.
 *
 * Without a pattern: what stands before the time that `find`, `harvest`, `label export` and `bot` put into the names of
 * clips; a name up to its date and time, as recorders give it (`20190401_193000`); a leading VOD id (as in
 * `1746376348_0012.wav`); else the stem without a copy number or `_dummy`.
 *
 * @param name File name, with or without folders.
 */
export function clipGroup(name: string, { pattern }: GroupOptions = {}): string {
  const stem = name.replace(/^.*[/\\]/, "").replace(/\.[A-Za-z0-9]{1,5}$/, "").normalize("NFC");
  if (pattern) {
    const match = pattern.exec(stem);
    if (match) return match.slice(1).find((part) => part !== undefined && part !== "") ?? match[0];
  }
  return groupOf(CUT.exec(stem)?.[1] ?? stem);
}

function groupOf(stem: string): string {
  const recorded = DATE_TIME.exec(stem);
  if (recorded) return stem.slice(0, recorded.index + recorded[0].length);
  const vod = /^v?(\d{8,12})(?=[^0-9]|$)/.exec(stem);
  if (vod) return vod[1]!;
  const dated = DATE_ALONE.exec(stem);
  const head = dated ? stem.slice(0, dated.index + dated[0].length) : "";
  return head + withoutCopyNumber(stem.slice(head.length)) || stem;
}

function withoutCopyNumber(text: string): string {
  return text
    .replace(/(?:[ _-]*\(\d+\)|[ _-]+copy(?:[ _-]?\d+)?|_dummy\d*)+$/i, "")
    .replace(/[ _.-]\d{1,4}$/, "");
}
