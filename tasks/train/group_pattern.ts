import { UsageError } from "tasks/command.ts";

/**
 * The pattern of `--group-by`, as those who read clips take it; nothing where it is not given.
 *
 * @throws {UsageError} If it is not a regular expression.
 */
export function groupPattern(groupBy: string | undefined): { readonly pattern?: RegExp } {
  return groupBy === undefined ? {} : { pattern: optionPattern("--group-by", groupBy) };
}

/**
 * The regular expression that an option gives.
 *
 * @throws {UsageError} If it is none.
 */
function optionPattern(option: string, text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (cause) {
    throw new UsageError(`${option} "${text}" is not a regular expression`, { cause });
  }
}
