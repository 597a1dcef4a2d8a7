/** How often a message said that the event was heard. */
interface CommandUse {
  /** Number that was typed after the command (`!burp 3`), or how often it was repeated; at least 1. */
  readonly count: number;
}

/** Looks for a command in the text of one message. */
export type CommandMatcher = (message: string) => CommandUse | undefined;

// Twitch ends messages at 500 characters; the bound keeps a slow expression of a user's from a damaged file.
const MAX_SEARCHED_CHARACTERS = 2000;
const REGEX_LITERAL = /^\/(.+)\/([a-z]*)$/s;
const COUNT = "(?:\\s+[x×+]?\\s?(\\d{1,3})(?![\\p{L}\\p{N}_:.,]*[\\p{L}\\p{N}]))?";

/**
 * Matcher of one chat command. Plain text (`!burp`) is found in any case as a word anywhere in the message:
 * `ok !BURP.` and `!burp 3` match, `!burps` and `x!burp` do not. Text between slashes (`/!b(u|o)rp/`) is a regular
 * expression, always without regard to case; a number in its group named `count` is the count.
 *
 * @throws {SyntaxError} if the command is empty or its regular expression is wrong.
 */
export function createCommandMatcher(command: string): CommandMatcher {
  const expression = commandExpression(command.trim());
  return (message) => {
    let count = 0;
    for (const match of message.slice(0, MAX_SEARCHED_CHARACTERS).matchAll(expression)) {
      if (match[0] === "") continue; // an expression such as /(burp)?/ matches nothing everywhere
      count += Math.max(1, Number(match.groups?.["count"] ?? match.groups?.["number"] ?? 1) || 1);
    }
    return count > 0 ? { count } : undefined;
  };
}

function commandExpression(command: string): RegExp {
  const literal = REGEX_LITERAL.exec(command);
  if (literal) {
    const flags = new Set(`${literal[2]}gi`.replace("y", ""));
    try {
      return new RegExp(literal[1]!, [...flags].join(""));
    } catch (error) {
      throw new SyntaxError(`The command ${command} is no regular expression: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
  if (command === "") throw new SyntaxError("The command is empty; give one such as !burp");
  const text = command.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replace(/\s+/g, "\\s+");
  const count = COUNT.replace("(\\d", "(?<count>\\d");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${text}(?![\\p{L}\\p{N}_])${count}`, "giu");
}
