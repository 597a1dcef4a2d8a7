import { errorMessage } from "lib/base/system/error_message.ts";
import { UsageError } from "tasks/command/usage_error.ts";
import { suggest } from "tasks/command/suggestion.ts";
import type { Host } from "tasks/command/host.ts";

/** Where users keep their settings, seen from the project's folder. */
export const CONFIG_PATH = "data/config.json";

/**
 * The settings of one command: the object under its name in the configuration file, such as
 * `{ "find": { "threshold": 0.6 } }`; empty where there is none.
 *
 * @throws {UsageError} when the file is not JSON, or has a key that is no command's name.
 */
export function readConfigSection(command: string, host: Host): Record<string, unknown> {
  const text = host.readConfig();
  if (text === undefined) return {};
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `${CONFIG_PATH} is not valid JSON: ${errorMessage(error)}`,
    );
  }
  if (!isRecord(config)) throw new UsageError(`${CONFIG_PATH} must hold one object, with commands as keys`);
  for (const [key, section] of Object.entries(config)) {
    if (!host.commands.includes(key)) {
      throw new UsageError(`unknown command "${key}" in ${CONFIG_PATH}${suggest(key, host.commands)}`);
    }
    if (!isRecord(section)) throw new UsageError(`"${key}" in ${CONFIG_PATH} must be an object of options`);
  }
  const section = config[command];
  return isRecord(section) ? section : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
