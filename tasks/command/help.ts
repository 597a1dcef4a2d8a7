import { flagName, type OptionSpec, type OptionTable } from "tasks/command/options.ts";

/** The parts of a command that its help shows. */
export interface HelpTopic {
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** More about it, in lines. */
  readonly description?: string;
  readonly options: OptionTable;
  /** Names of options under a heading each; those that are in none come first, the most used before the others. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly positionals?: {
    readonly name: string;
    readonly help: string;
    readonly min?: number;
    readonly max?: number;
  };
  /** Command lines, each with what it does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
}

const WIDTH = 80;
const LABEL_WIDTH = 24;

/** The text of `--help`. @param common Options that every command has. */
export function formatHelp(topic: HelpTopic, common: OptionTable = {}): string {
  const { positionals } = topic;
  const blocks = [
    wrap(`${topic.name}: ${topic.summary}`, WIDTH).join("\n"),
    `Usage: deno task ${topic.name} [options]${positionals ? ` ${formatPositionals(positionals)}` : ""}`,
  ];
  if (topic.description) blocks.push(wrap(topic.description, WIDTH).join("\n"));
  if (positionals) blocks.push(formatRow(positionals.name, positionals.help));
  const grouped = new Set(Object.values(topic.groups ?? {}).flat());
  const first = Object.keys(topic.options).filter((name) => !grouped.has(name));
  const groups = Object.entries({ "Options": first, ...topic.groups });
  for (const [heading, names] of groups) {
    const rows = names.map((name) => formatOption(name, topic.options[name]!));
    if (rows.length > 0) blocks.push(`${heading}:\n${rows.join("\n")}`);
  }
  const always = Object.entries(common).map(([name, spec]) => formatOption(name, spec));
  if (always.length > 0) blocks.push(`Of every command:\n${always.join("\n")}`);
  if (topic.examples.length > 0) {
    const lines = topic.examples.map(([line, meaning]) =>
      `${formatExample(line)}\n${wrap(meaning, WIDTH - 6).map((part) => `      ${part}`).join("\n")}`
    );
    blocks.push(`Examples:\n${lines.join("\n")}`);
  }
  blocks.push(
    wrap(
      "Options can also be set in data/config.json, under the command's name. Flags go before environment " +
        "variables, these before the file. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted, 143 ended by SIGTERM.",
      WIDTH,
    ).join("\n"),
  );
  return blocks.join("\n\n");
}

/** How the words after the options are written in the usage line: `FILE...`, `[FILE]`. */
export function formatPositionals(positionals: { name: string; min?: number; max?: number }): string {
  const { name, min = 0, max = Infinity } = positionals;
  const word = max > 1 && !name.includes(" ") ? `${name}...` : name;
  return min === 0 ? `[${word}]` : word;
}

/** A command line; where it is long, it goes on behind a backslash, as shells have it. */
function formatExample(line: string): string {
  return wrap(line, WIDTH - 6).map((part, index) => `${index === 0 ? "  " : "    "}${part}`).join(" \\\n");
}

function formatOption(name: string, spec: OptionSpec): string {
  return formatRow(formatFlag(name, spec), formatNote(spec));
}

function formatFlag(name: string, spec: OptionSpec): string {
  if (spec.secret && spec.env !== undefined) return spec.env;
  const flag = spec.type === "boolean" && spec.default === true
    ? `--no-${flagName(name).slice(2)}`
    : flagName(name);
  const kind = "choices" in spec && spec.choices
    ? "NAME"
    : { string: "TEXT", list: "TEXT", number: "X", integer: "N", boolean: "" }[spec.type];
  const value = spec.type === "boolean" ? "" : ` ${spec.value ?? kind}`;
  return `${spec.short ? `-${spec.short}, ` : ""}${flag}${value}`;
}

function formatNote(spec: OptionSpec): string {
  const notes: string[] = [];
  if ("choices" in spec && spec.choices) notes.push(`one of ${spec.choices.join(", ")}`);
  if (spec.type === "list") {
    notes.push(spec.separator ? `several: separated by "${spec.separator}"` : "may be repeated");
  }
  const given = spec.type === "boolean" || spec.default === undefined ? "" : String(spec.default);
  const known = spec.defaultText ?? given;
  if (known !== "") notes.push(`default ${known}`);
  if (spec.env) notes.push(spec.secret ? "never on the command line" : `environment ${spec.env}`);
  return notes.length === 0 ? spec.help : `${spec.help} (${notes.join("; ")})`;
}

function formatRow(label: string, text: string): string {
  const lines = wrap(text, WIDTH - LABEL_WIDTH);
  const indent = " ".repeat(LABEL_WIDTH);
  const first = `  ${label}`;
  const head = first.length < LABEL_WIDTH
    ? first.padEnd(LABEL_WIDTH) + lines[0]
    : `${first}\n${indent}${lines[0]}`;
  return [head, ...lines.slice(1).map((line) => indent + line)].join("\n");
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}
