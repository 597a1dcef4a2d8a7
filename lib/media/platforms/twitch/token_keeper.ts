import type { Clock } from "lib/base/system/clock.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import type { Logger } from "lib/base/system/logger.ts";
import { RequestError } from "lib/media/net/request_error.ts";
import {
  bareToken,
  refreshToken,
  type TokenFacts,
  type TokenService,
  validateToken,
} from "lib/media/platforms/twitch/bot_token.ts";

/** What a bot logs in with. */
export interface BotSecrets {
  /** Access token of the bot's account, with or without `oauth:`. */
  readonly token: string;
  /** To get another access token when that one ends; needs `clientId`, and for most applications `clientSecret`. */
  readonly refreshToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
}

/** Keeps an access token that is good, for as long as the bot runs. */
export interface TokenKeeper {
  /** The access token that holds now, without `oauth:`. */
  token(): string;
  /** What Twitch said of it last. */
  facts(): TokenFacts;
  /** Gets another token, where that is possible; at most once a minute. Gives whether there is a new one. */
  renew(): Promise<boolean>;
  /** Validates every hour, as Twitch asks, until the signal aborts; problems are logged. */
  watch(signal: AbortSignal): Promise<void>;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Tokens that end before we look again twice are renewed beforehand. */
const RENEW_BELOW_SECONDS = 2 * 3600;
const ADVICE = "get a new one for the bot's account and put it into TWITCH_BOT_TOKEN";

/**
 * Validates the token, or gets another one where a refresh token is configured.
 *
 * @param options `scopes` are those that the bot needs; `onSecret` is told of every secret, also of new ones, before it
 * is used, so that none gets into a log.
 * @throws {RequestError} in one sentence that says what to do, when Twitch does not accept the token or it lacks a scope.
 */
export async function openTokenKeeper(
  secrets: BotSecrets,
  options: {
    readonly service: TokenService;
    readonly scopes: readonly string[];
    readonly clock: Clock;
    readonly log: Logger;
    readonly onSecret: (secret: string) => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<TokenKeeper> {
  const { service, scopes, clock, log, onSecret } = options;
  let token = bareToken(secrets.token);
  let refresh = secrets.refreshToken?.trim();
  let renewedMs = -Infinity;
  /** Whoever asks while a renewal is under way gets what comes of it. */
  let renewing: Promise<boolean> | undefined;
  for (const secret of [token, refresh, secrets.clientSecret]) if (secret) onSecret(secret);
  if (token === "") throw new RequestError("expired-token", `The bot has no token: ${ADVICE}`);

  let facts = await validateToken(service, token, options.signal);
  let clientId = secrets.clientId ?? facts?.clientId;
  if (!facts && await renew()) facts = await validateToken(service, token, options.signal);
  if (!facts) throw new RequestError("expired-token", `Twitch does not accept the bot's token: ${ADVICE}`);
  clientId ??= facts.clientId;
  checkScopes(facts, scopes);

  function renew(): Promise<boolean> {
    renewing ??= renewOnce().finally(() => renewing = undefined);
    return renewing;
  }

  async function renewOnce(): Promise<boolean> {
    if (!refresh || !clientId || clock.monotonicMs() - renewedMs < MINUTE_MS) return false;
    renewedMs = clock.monotonicMs();
    const { clientSecret } = secrets;
    const fresh = await refreshToken(
      service,
      { refreshToken: refresh, clientId, clientSecret },
      options.signal,
    );
    if (!fresh) {
      log.error(`Twitch does not accept the refresh token: authorise the bot anew, and ${ADVICE}`);
      return false;
    }
    onSecret(fresh.accessToken);
    onSecret(fresh.refreshToken);
    [token, refresh] = [fresh.accessToken, fresh.refreshToken];
    log.info("the bot's token was renewed");
    return true;
  }

  async function look(signal: AbortSignal): Promise<void> {
    let found = await validateToken(service, token, signal);
    const endsSoon = found !== undefined && found.expiresIn > 0 && found.expiresIn < RENEW_BELOW_SECONDS;
    if ((!found || endsSoon) && await renew()) found = await validateToken(service, token, signal);
    if (!found) return log.error(`Twitch does not accept the bot's token any more: ${ADVICE}`);
    facts = found;
    if (endsSoon && found.expiresIn < HOUR_MS / 1000) {
      log.warn(`the bot's token ends in ${Math.ceil(found.expiresIn / 60)} minutes: ${ADVICE}`);
    }
  }

  return {
    token: () => token,
    facts: () => facts!,
    renew: () =>
      renew().catch((error) => {
        log.warn(errorMessage(error));
        return false;
      }),
    async watch(signal) {
      while (!signal.aborted) {
        await clock.sleep(HOUR_MS, signal).catch(() => {});
        if (signal.aborted) return;
        await look(signal).catch((error) => signal.aborted || log.warn(errorMessage(error)));
      }
    },
  };
}

function checkScopes(facts: TokenFacts, scopes: readonly string[]): void {
  const missing = scopes.filter((scope) => !facts.scopes.includes(scope));
  if (missing.length === 0) return;
  throw new RequestError(
    "private",
    `The token of ${facts.login} lacks the scope ${missing.join(" and ")}: ${ADVICE}, ` +
      `with the scopes ${scopes.join(" ")}`,
  );
}
