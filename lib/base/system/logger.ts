/** How much a logger says; each level includes those before it. */
const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Says what goes on, to people. */
export interface Logger {
  error(text: string): void;
  warn(text: string): void;
  info(text: string): void;
  debug(text: string): void;
}

/** What {@link createLogger} needs. */
interface LoggerOptions {
  /** Lines above this level are dropped. */
  readonly level: LogLevel;
  /** Gets one line at a time, without its line end. */
  readonly write: (line: string) => void;
  /** Secrets that must not appear, besides those that are known by their form. */
  readonly redact?: readonly string[];
}

const PREFIXES = {
  error: "error: ",
  warn: "warning: ",
  info: "",
  debug: "debug: ",
} as const satisfies Record<
  Exclude<LogLevel, "silent">,
  string
>;

// What a chat password, an authorisation header, and the access parts of a playlist address look like.
const SECRET_FORMS = [
  /\boauth:[a-z0-9]{6,}/gi,
  /(?<=\b(?:bearer|oauth)\s+)[\w.~+/=-]{6,}/gi,
  /(?<=\b(?:access_token|refresh_token|client_secret|token|sig|password)=)[^&\s"']+/gi,
  /(?<="(?:access_token|refresh_token|client_secret|token|signature|password)"\s*:\s*")[^"]+/gi,
] as const;

/** A logger that keeps secrets out of every line. */
export function createLogger(options: LoggerOptions): Logger {
  const highest = LOG_LEVELS.indexOf(options.level);
  const log = (level: keyof typeof PREFIXES) => (text: string) => {
    if (LOG_LEVELS.indexOf(level) > highest) return;
    options.write(redactSecrets(PREFIXES[level] + text, options.redact));
  };
  return { error: log("error"), warn: log("warn"), info: log("info"), debug: log("debug") };
}

/** Replaces secrets, given and known by their form, with `***`. */
export function redactSecrets(text: string, secrets: readonly string[] = []): string {
  let redacted = text;
  for (const secret of secrets) {
    // Very short secrets would blank out half of the text, and protect nothing.
    if (secret.length >= 4) redacted = redacted.replaceAll(secret, "***");
  }
  for (const form of SECRET_FORMS) redacted = redacted.replace(form, "***");
  return redacted;
}
