import { isAbsolute, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { CONFIG_PATH } from "tasks/command/config.ts";
import { type OptionValue, parseOptionValue } from "tasks/command/option_value.ts";
import { suggest } from "tasks/command/suggestion.ts";
import { UsageError } from "tasks/command/usage_error.ts";

interface CommonSpec {
  /** One line for `--help`. */
  readonly help: string;
  /** What `--help` calls the value, such as `DIR`. */
  readonly value?: string;
  /** What `--help` says of a default that is decided when the command runs. */
  readonly defaultText?: string;
  /** One letter, for `-o`. */
  readonly short?: string;
  /** Its name in earlier versions, in kebab-case; it still works, with a hint. */
  readonly formerly?: string;
  /** Environment variable that sets it; its name is also understood in the configuration file. */
  readonly env?: string | undefined;
  /** It must not be seen: command lines are echoed, and listed to everybody on the machine, so that there is no flag for it. */
  readonly secret?: boolean;
}

/** One option of a command; its key in the table is its name in camelCase, on the command line in kebab-case. */
export type OptionSpec =
  | CommonSpec & {
    readonly type: "string";
    readonly default?: string;
    readonly choices?: readonly string[];
    /** The value names a file; on the command line it is relative to the folder that the user is in. */
    readonly path?: boolean;
  }
  | CommonSpec & {
    readonly type: "number" | "integer";
    readonly default?: number;
    readonly min?: number;
    readonly max?: number;
  }
  | CommonSpec & { readonly type: "boolean"; readonly default?: boolean }
  | CommonSpec & {
    /** May be given several times. */
    readonly type: "list";
    readonly default?: readonly string[];
    readonly choices?: readonly string[];
    /** Also splits one value, as in `--format csv,json`. */
    readonly separator?: string;
    readonly path?: boolean;
  };

/** The options of a command by name. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

type Given<Spec> = Spec extends { readonly type: "boolean" } ? boolean
  : Spec extends { readonly type: "list" } ? readonly string[]
  : Spec extends { readonly type: "string" }
    ? Spec extends { readonly choices: readonly (infer Choice)[] } ? Choice : string
  : number;

type Optional<Spec> = Spec extends { readonly type: "boolean" | "list" } ? never
  : Spec extends { readonly default: unknown } ? never
  : undefined;

/** What a command gets: one value per option; `undefined` only where an option has no default. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Given<Table[Name]> | Optional<Table[Name]>;
};

/** Where option values come from, besides their defaults. */
interface OptionSources {
  readonly args: readonly string[];
  readonly env: (name: string) => string | undefined;
  /** The command's section of the configuration file. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Whether the command takes words that belong to no option. */
  readonly takesPositionals: boolean;
  /** Path from the working folder to the folder that the user is in; empty where they are the same. */
  readonly userFolder: string;
}

/**
 * Reads options: flags, then environment, then configuration file, then defaults.
 * @throws {UsageError} that names the option, what is wrong with it and what would be right.
 */
export function readOptions(
  table: OptionTable,
  sources: OptionSources,
): { values: Record<string, OptionValue | undefined>; positionals: string[]; hints: string[] } {
  const { flags, positionals, hints } = readFlags(table, sources);
  const config = readConfig(table, sources.config);
  const values: Record<string, OptionValue | undefined> = {};
  for (const [name, spec] of Object.entries(table)) {
    const variable = spec.env && sources.env(spec.env);
    const given = flags.get(name);
    if (given) {
      const isPath = "path" in spec && spec.path;
      const texts = given.map((text) =>
        isPath || FOLDER_ADDRESS.test(text) ? fromUserFolder(text, sources.userFolder) : text
      );
      values[name] = parseOptionValue(texts, spec, flagName(name));
    } else if (variable) {
      values[name] = parseOptionValue([variable], spec, spec.env);
    } else if (config.has(name)) {
      values[name] = config.get(name);
    } else {
      values[name] = spec.default ??
        (spec.type === "boolean" ? false : spec.type === "list" ? [] : undefined);
    }
  }
  return { values, positionals, hints };
}

/** How an option is written on the command line: `mergeGap` as `--merge-gap`. */
export function flagName(name: string): string {
  return `--${kebab(name)}`;
}

// An address that holds a path of this machine: the scheme and the path.
const FOLDER_ADDRESS = /^(folder:\/\/)(.+)$/i;

/** A path that the user wrote, seen from the working folder; addresses, numbers of VODs and `-` stay as they are. */
export function fromUserFolder(path: string, userFolder: string): string {
  const folder = FOLDER_ADDRESS.exec(path);
  if (folder) return folder[1]! + fromUserFolder(folder[2]!, userFolder);
  const stays = userFolder === "" || path === "-" || path === "" || isAbsolute(path) ||
    /^(\w+:\/\/|v?\d+$)/.test(path);
  return stays ? path : relative(".", join(userFolder, path)) || ".";
}

/** The same the other way round: a path as the user would write it. */
export function toUserFolder(path: string, userFolder: string): string {
  return userFolder === "" || isAbsolute(path) ? path : relative(userFolder, path) || ".";
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function readFlags(
  table: OptionTable,
  sources: OptionSources,
): { flags: Map<string, string[]>; positionals: string[]; hints: string[] } {
  // Settings that are known by their variable's name, such as EPOCHS, are also understood under it.
  const entries = Object.entries(table).flatMap(([name, spec]) =>
    [kebab(name), spec.env, spec.formerly].filter((flag) => flag !== undefined).map((flag) => ({
      flag,
      name,
      spec,
    }))
  );
  const names = new Map(entries.map(({ flag, name }) => [flag, name]));
  const { tokens } = parseArgs({
    args: [...sources.args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      entries.map(({ flag, name, spec }) => [flag, {
        type: spec.type === "boolean" ? "boolean" as const : "string" as const,
        ...(spec.short === undefined || flag !== kebab(name) ? {} : { short: spec.short }),
      }]),
    ),
  });
  const flags = new Map<string, string[]>();
  const positionals: string[] = [];
  const hints = new Set<string>();
  let openList: string | undefined;
  for (const token of tokens) {
    if (token.kind === "positional") {
      // Where words without an option mean nothing, `--negatives a b` can only mean two folders.
      if (openList !== undefined && !sources.takesPositionals) flags.get(openList)?.push(token.value);
      else positionals.push(token.value);
      continue;
    }
    openList = undefined;
    if (token.kind !== "option") continue;
    const negated = !names.has(token.name) && token.name.startsWith("no-");
    const name = names.get(negated ? token.name.slice(3) : token.name);
    const spec = name === undefined ? undefined : table[name];
    if (name === undefined || !spec || (negated && spec.type !== "boolean")) {
      throw new UsageError(
        `unknown option ${token.rawName}${suggest(token.rawName, [...names.keys()].map((n) => `--${n}`))}`,
      );
    }
    if (token.name === spec.formerly) hints.add(`${token.rawName} is now called ${flagName(name)}`);
    if (spec.secret) throw refuseSecret(token.rawName, spec);
    if (spec.type === "boolean") {
      if (negated && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`);
      flags.set(name, [negated ? "false" : token.value ?? "true"]);
      continue;
    }
    if (token.value === undefined || (!token.inlineValue && looksLikeFlag(token.value))) {
      const hint = token.value === undefined
        ? ""
        : ` (for a value that begins with a dash, write ${token.rawName}=${token.value})`;
      throw new UsageError(`${token.rawName} needs a value${hint}`);
    }
    if (spec.type === "list") {
      flags.set(name, [...flags.get(name) ?? [], token.value]);
      openList = name;
    } else {
      flags.set(name, [token.value]);
    }
  }
  return { flags, positionals, hints: [...hints] };
}

function refuseSecret(flag: string, { env }: OptionSpec): UsageError {
  return new UsageError(
    `${flag} would show a secret to whoever sees this command line, which is echoed, and listed to everybody on this ` +
      `machine: put it into the environment as ${env}, or into ${CONFIG_PATH}, which git ignores`,
  );
}

function looksLikeFlag(text: string): boolean {
  return text.startsWith("-") && text !== "-" && Number.isNaN(Number(text));
}

function readConfig(table: OptionTable, config: Readonly<Record<string, unknown>>): Map<string, OptionValue> {
  const names = new Map<string, string>();
  for (const [name, spec] of Object.entries(table)) {
    for (const alias of [name, kebab(name), spec.env, spec.formerly]) if (alias) names.set(alias, name);
  }
  const values = new Map<string, OptionValue>();
  for (const [key, value] of Object.entries(config)) {
    const name = names.get(key);
    const spec = name === undefined ? undefined : table[name];
    if (name === undefined || !spec) {
      throw new UsageError(
        `unknown key "${key}" in the configuration file${suggest(key, Object.keys(table))}`,
      );
    }
    const texts = Array.isArray(value) && spec.type === "list" ? value : [value];
    if (!texts.every((text) => ["string", "number", "boolean"].includes(typeof text))) {
      const shown = spec.secret ? "a list or an object" : JSON.stringify(value);
      throw new UsageError(`"${key}" in the configuration file cannot be ${shown}`);
    }
    values.set(name, parseOptionValue(texts.map(String), spec, `"${key}" in the configuration file`));
  }
  return values;
}
