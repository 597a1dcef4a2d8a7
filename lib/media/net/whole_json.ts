import type { HttpAnswer } from "lib/media/net/http_client.ts";

/**
 * Looks whether an answer is JSON to its end, as `verify` of a request wants it, so that one that was cut is asked for again.
 *
 * @throws {SyntaxError} if it is not.
 */
export function verifyJson({ body }: Pick<HttpAnswer, "body">): void {
  try {
    JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw new SyntaxError("the answer is cut short, or no JSON", { cause });
  }
}
