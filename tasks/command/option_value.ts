import type { OptionSpec } from "tasks/command/options.ts";
import { suggest } from "tasks/command/suggestion.ts";
import { UsageError } from "tasks/command/usage_error.ts";

/** What an option can hold. */
export type OptionValue = string | number | boolean | readonly string[];

/**
 * Reads what was written for an option.
 *
 * @param texts What was written, once per time that the option was given; only a list uses more than the last.
 * @param origin Where it was written, for errors: a flag, a variable, a key.
 * @throws {UsageError} when it is not what the option takes.
 */
export function parseOptionValue(texts: readonly string[], spec: OptionSpec, origin = ""): OptionValue {
  const text = texts.at(-1) ?? "";
  switch (spec.type) {
    case "boolean":
      if (/^(true|yes|on|1)$/i.test(text)) return true;
      if (/^(false|no|off|0)$/i.test(text)) return false;
      throw new UsageError(`${origin} must be true or false, is "${text}"`);
    case "number":
    case "integer": {
      const value = text.trim() === "" ? NaN : Number(text);
      if (!Number.isFinite(value)) throw new UsageError(`${origin} must be a number, is "${text}"`);
      if (spec.type === "integer" && !Number.isSafeInteger(value)) {
        throw new UsageError(`${origin} must be a whole number, is ${text}`);
      }
      const { min = -Infinity, max = Infinity } = spec;
      if (value < min || value > max) {
        throw new UsageError(`${origin} must be ${describeRange(spec.min, spec.max)}, is ${text}`);
      }
      return value;
    }
    case "string":
      return checkChoice(text, spec.choices, origin);
    case "list": {
      const { separator } = spec;
      const parts = separator === undefined
        ? texts
        : texts.flatMap((part) => part.split(separator)).filter(Boolean);
      return parts.map((part) => checkChoice(part, spec.choices, origin));
    }
  }
}

function checkChoice(text: string, choices: readonly string[] | undefined, origin: string): string {
  if (!choices || choices.includes(text)) return text;
  throw new UsageError(
    `${origin} must be one of ${choices.join(", ")}, is "${text}"${suggest(text, choices)}`,
  );
}

function describeRange(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `from ${min} to ${max}`;
}
