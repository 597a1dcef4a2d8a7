/** What a label of the ledger says about a stretch of sound. */
type LabelMeaning =
  | { readonly kind: "event" | "not-event"; readonly event: string }
  /** Someone listened and could not tell. */
  | { readonly kind: "unsure" }
  /** Someone decided that it is no use, such as two sounds at once. */
  | { readonly kind: "skip" };

const NOT = "not-";

/** The label of a stretch of sound in which `event` is not heard: `not-burp`. */
export function notLabel(event: string): string {
  return `${NOT}${event}`;
}

/**
 * Reads a label.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parseLabel("not-burp"), { kind: "not-event", event: "burp" });
 * ```
 * @throws {SyntaxError} If it names no event.
 */
export function parseLabel(label: string): LabelMeaning {
  if (label === "unsure" || label === "skip") return { kind: label };
  const negative = label.startsWith(NOT);
  const event = negative ? label.slice(NOT.length) : label;
  checkEventName(event);
  return { kind: negative ? "not-event" : "event", event };
}

/**
 * Makes sure that an event's name can be a label and part of a folder's name.
 * @throws {SyntaxError} If it cannot.
 */
export function checkEventName(event: string): void {
  const reserved = event === "unsure" || event === "skip" || event.startsWith(NOT);
  // Anything else that a label track may say is a name, but not what a folder cannot be called.
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  if (event === "" || event !== event.trim() || reserved || /[\x00-\x1f/\\:*?"<>|]/.test(event)) {
    throw new SyntaxError(
      `"${event.slice(0, 60)}" is no name of an event: it must not be empty, not be "unsure" or "skip", ` +
        `not begin with "${NOT}", and have no / \\ : * ? " < > | in it`,
    );
  }
}
