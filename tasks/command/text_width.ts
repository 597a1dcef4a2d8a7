/** Letters that take two columns: East Asian wide and full-width ones, and emoji (Unicode Standard Annex 11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const INVISIBLE = /^[\p{M}\p{Cf}]+$/u;
const CONTROLS = /\p{Cc}/gu;
const segmenter = new Intl.Segmenter();

/** Columns that a text takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += letterWidth(segment);
  return width;
}

/** A text without anything that would move the cursor or change colours: control characters become `?`. */
export function plainLine(text: string): string {
  return text.replace(CONTROLS, "?");
}

/** A text of at most so many columns, its end replaced by `…` where it is longer; control characters become `?`. */
export function fitText(text: string, width: number): string {
  const plain = plainLine(text);
  if (textWidth(plain) <= width) return plain;
  let [kept, used] = ["", 1];
  for (const { segment } of segmenter.segment(plain)) {
    used += letterWidth(segment);
    if (used > width) break;
    kept += segment;
  }
  return width > 0 ? `${kept}…` : "";
}

function letterWidth(letter: string): number {
  if (INVISIBLE.test(letter)) return 0;
  return WIDE.test(letter) ? 2 : 1;
}
