/**
 * Text as one chat message: without line ends and other control characters, which would end the message and begin a
 * command to the server, and cut to a number of UTF-16 units, by which chat counts, never inside a character.
 */
export function cutText(text: string, maxCharacters: number): string {
  // deno-lint-ignore no-control-regex -- control characters are what is taken out
  const line = text.replaceAll(/[\x00-\x1f\x7f]+/g, " ").trim();
  if (line.length <= maxCharacters) return line;
  return `${line.slice(0, maxCharacters - 1).toWellFormed().replace(/\ufffd$/, "")}…`;
}
