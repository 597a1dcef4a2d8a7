import { UsageError } from "tasks/command.ts";

/**
 * The pattern of `--group-by`, as those who read clips take it; nothing where it is not given.
 *
 * @throws {UsageError} If it is not a regular expression.
 */
export function groupPattern(groupBy: string | undefined): { readonly pattern?: RegExp } {
  if (groupBy === undefined) return {};
  try {
    return { pattern: new RegExp(groupBy) };
  } catch (cause) {
    throw new UsageError(`--group-by "${groupBy}" is not a regular expression`, { cause });
  }
}
