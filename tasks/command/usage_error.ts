/** What the user wrote that makes no sense; the command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
