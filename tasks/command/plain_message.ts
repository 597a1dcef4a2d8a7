/** As Deno says what the system refused: `No such file or directory (os error 2): open 'a.csv'`. */
const SYSTEM_ERROR = /^(.+?) \(os error \d+\)(?:: \w+ '(.+?)'(?: -> '.+')?)?$/;
/** As `node:fs` says it: `ENOENT: no such file or directory, open 'a.csv'`. */
const NODE_ERROR = /^E[A-Z]+: (.+?), \w+ '(.+?)'(?: -> '.+')?$/;

/** Turns what a system's error says around, so that the file comes first; other messages stay as they are. */
export function plainMessage(message: string): string {
  const [, text, path] = SYSTEM_ERROR.exec(message) ?? NODE_ERROR.exec(message) ?? [];
  if (text === undefined || path === undefined) return message;
  return `${path}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
