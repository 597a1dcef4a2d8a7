import { type Logger, redactSecrets } from "lib/base/system/logger.ts";

/** Secrets that a program holds, some of which it gets while it runs. */
export interface SecretSet {
  add(secret: string): void;
  /** A logger that keeps all of them, also those that come later, out of what it passes on. */
  hiding(log: Logger): Logger;
}

/** So many secrets are remembered, the newest: tokens that are renewed for weeks would fill the memory. */
const MOST_SECRETS = 50;

/** Makes an empty set. */
export function createSecretSet(): SecretSet {
  const secrets = new Set<string>();
  return {
    add(secret) {
      secrets.delete(secret);
      secrets.add(secret);
      if (secrets.size > MOST_SECRETS) secrets.delete(secrets.values().next().value!);
    },
    hiding(log) {
      const hide = (text: string) => redactSecrets(text, [...secrets]);
      return {
        error: (text) => log.error(hide(text)),
        warn: (text) => log.warn(hide(text)),
        info: (text) => log.info(hide(text)),
        debug: (text) => log.debug(hide(text)),
      };
    },
  };
}
