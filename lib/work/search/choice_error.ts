/**
 * Thrown where what was asked for contradicts itself, or means nothing that is known. The message is a sentence that names
 * choices as commands do (`--sound`); commands take it for wrong usage.
 */
export class SearchChoiceError extends Error {
  override readonly name = "SearchChoiceError";
}
