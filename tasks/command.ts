import { formatHelp, formatPositionals, type HelpTopic } from "tasks/command/help.ts";
import {
  fromUserFolder,
  type OptionTable,
  type OptionValues,
  readOptions,
  toUserFolder,
} from "tasks/command/options.ts";
import { UsageError } from "tasks/command/usage_error.ts";
import { type Bars, createBars, type Progress } from "tasks/command/progress.ts";
import { readConfigSection } from "tasks/command/config.ts";
import { type Host, systemHost } from "tasks/command/host.ts";
import { plainMessage } from "tasks/command/plain_message.ts";
import { createLogger, type Logger, redactSecrets } from "lib/base/system/logger.ts";
import { SearchChoiceError } from "lib/work/search/choice_error.ts";

export { UsageError } from "tasks/command/usage_error.ts";
export type { OptionSpec, OptionTable, OptionValues } from "tasks/command/options.ts";
export type { Progress, ProgressBar } from "tasks/command/progress.ts";

/** Exit codes of every command. */
export const EXIT_CODES = { done: 0, failed: 1, wrongUsage: 2, interrupted: 130, terminated: 143 } as const;

/** What a command's `run` gets. */
export interface CommandContext<Table extends OptionTable> {
  readonly options: OptionValues<Table> & {
    readonly json: boolean;
    readonly quiet: boolean;
    readonly verbose: boolean;
  };
  /** Words that belong to no option; paths are seen from the working folder. */
  readonly positionals: readonly string[];
  /** Aborts when the user interrupts, and when nobody reads the results any more. */
  readonly signal: AbortSignal;
  /** Writes to standard error. `info` is silent with `--quiet`, `debug` speaks with `--verbose`. */
  readonly log: Logger;
  readonly progress: Progress;
  /** Whether results go to a terminal, so that a person reads them. */
  readonly isWatched: boolean;
  /** A path as the user would write it, from the folder that the user is in. */
  shownPath(path: string): string;
  /** Writes a line of results for people to standard output; does nothing with `--json`. */
  print(line: string): void;
  /** Writes one value as a line of JSON to standard output; does nothing without `--json`. */
  printJson(value: unknown): void;
  /** Writes a line to standard output in any case. */
  printRaw(line: string): void;
}

/** Options under headings, for `--help`. */
export type OptionGroups<Table extends OptionTable> = Readonly<
  Record<string, readonly (keyof Table & string)[]>
>;

/** A command of `deno task`. */
export interface Command<Table extends OptionTable> extends HelpTopic {
  readonly options: Table;
  readonly groups?: OptionGroups<Table>;
  /**
   * Does the work. Errors that it throws end the command with exit code 1 (a {@link UsageError} or {@link SearchChoiceError} with 2), after one
   * line each. A command that goes on after errors logs them itself and gives back 1.
   */
  readonly run: (context: CommandContext<Table>) => Promise<number | void> | number | void;
}

const COMMON_OPTIONS = {
  json: { type: "boolean", help: "print results as JSON" },
  quiet: { type: "boolean", short: "q", help: "print results and errors only" },
  verbose: { type: "boolean", short: "v", help: "say more, and show where errors come from" },
  help: { type: "boolean", short: "h", help: "show this help" },
  version: { type: "boolean", help: "show the version" },
} as const satisfies OptionTable;

/** Ties the options table of a command to the types that its `run` sees. */
export function defineCommand<const Table extends OptionTable>(command: Command<Table>): Command<Table> {
  return command;
}

/** Runs a command on the arguments of this process, and ends the process with its exit code. */
export async function runAsMain<Table extends OptionTable>(command: Command<Table>): Promise<never> {
  Deno.exit(await runCommand(command, systemHost()));
}

/** Runs a command, handles its errors and gives its exit code. */
export async function runCommand<Table extends OptionTable>(
  command: Command<Table>,
  host: Host,
): Promise<number> {
  const controller = new AbortController();
  let bars: Bars = createBars(false);
  let verbose = false;
  const logLine = (line: string) => bars.printAbove(line) || host.writeError(`${line}\n`);
  let interrupted: number = EXIT_CODES.interrupted;
  const removeListener = host.onInterrupt((signal) => {
    if (signal === "SIGTERM") interrupted = EXIT_CODES.terminated;
    controller.abort(new DOMException("Interrupted", "AbortError"));
  });
  try {
    const { options, positionals, hints } = readArguments(command, host);
    verbose = options.verbose;
    if (options.version) {
      host.write(`${host.version}\n`);
      return EXIT_CODES.done;
    }
    if (options.help) {
      host.write(`${formatHelp(command, COMMON_OPTIONS)}\n`);
      return EXIT_CODES.done;
    }
    bars = createBars(host.stderrIsTerminal && !options.quiet, host.columns);
    const level = options.verbose ? "debug" : options.quiet ? "error" : "info";
    const printRaw = (line: string) => {
      // On one terminal, results must not be written into the bars.
      if (host.stdoutIsTerminal && bars.printAbove(line)) return;
      if (!host.write(`${line}\n`)) {
        controller.abort(new DOMException("Nobody reads the results", "AbortError"));
      }
    };
    const log = createLogger({ level, write: logLine });
    hints.forEach((hint) => log.warn(hint));
    const code = await command.run({
      options,
      positionals,
      signal: controller.signal,
      log,
      progress: bars,
      print: (line) => options.json || printRaw(line),
      isWatched: host.stdoutIsTerminal,
      shownPath: (path) => toUserFolder(path, host.userFolder),
      printJson: (value) => options.json && printRaw(JSON.stringify(value)),
      printRaw,
    });
    return controller.signal.aborted ? endedBy(controller.signal, interrupted) : code ?? EXIT_CODES.done;
  } catch (error) {
    bars.close();
    if (controller.signal.aborted && isAbort(error, controller.signal)) {
      if (isInterrupt(controller.signal)) logLine("interrupted");
      return endedBy(controller.signal, interrupted);
    }
    for (const line of describeError(error, verbose)) logLine(line);
    if (!(error instanceof UsageError || error instanceof SearchChoiceError)) return EXIT_CODES.failed;
    logLine(`Run \`deno task ${command.name} --help\` to see what it takes.`);
    return EXIT_CODES.wrongUsage;
  } finally {
    bars.close();
    removeListener();
  }
}

type AllOptions<Table extends OptionTable> = OptionValues<Table> & OptionValues<typeof COMMON_OPTIONS>;

function readArguments<Table extends OptionTable>(
  command: Command<Table>,
  host: Host,
): { options: AllOptions<Table>; positionals: string[]; hints: string[] } {
  const table = { ...command.options, ...COMMON_OPTIONS };
  const { positionals: declared } = command;
  const asksOnly = ["--help", "-h", "--version"].some((flag) => host.args.includes(flag));
  const { values, positionals, hints } = readOptions(table, {
    args: host.args,
    env: host.env,
    // A broken configuration file must not hide the help.
    config: asksOnly ? {} : readConfigSection(command.name, host),
    takesPositionals: declared !== undefined,
    userFolder: host.userFolder,
  });
  const { min = 0, max = Infinity } = declared ?? { max: 0 };
  const isWork = values["help"] !== true && values["version"] !== true;
  if (isWork && (positionals.length < min || positionals.length > max)) {
    const surplus = positionals[max];
    throw new UsageError(
      declared && surplus === undefined
        ? `${formatPositionals(declared)} is missing`
        : `"${surplus}" is one argument too many`,
    );
  }
  // readOptions() has checked each value against the table that this type is made of.
  const options = values as unknown as AllOptions<Table>;
  return { options, hints, positionals: positionals.map((path) => fromUserFolder(path, host.userFolder)) };
}

function isInterrupt(signal: AbortSignal): boolean {
  return signal.reason instanceof DOMException && signal.reason.message === "Interrupted";
}

function endedBy(signal: AbortSignal, interrupted: number): number {
  return isInterrupt(signal) ? interrupted : EXIT_CODES.failed;
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === "AbortError");
}

/** One line per error, secrets left out; with `verbose` also where it was thrown. */
export function describeError(error: unknown, verbose: boolean): string[] {
  if (error instanceof AggregateError) return error.errors.flatMap((inner) => describeError(inner, verbose));
  if (!(error instanceof Error)) return [`error: ${redactSecrets(String(error))}`];
  const message = plainMessage(error.message).replaceAll(/\s*\n\s*/g, " ") || error.name;
  const lines = [`error: ${redactSecrets(message)}`];
  if (verbose && error.stack) lines.push(redactSecrets(error.stack));
  if (verbose && error.cause !== undefined) {
    lines.push(`caused by ${redactSecrets(Deno.inspect(error.cause))}`);
  }
  return lines;
}
