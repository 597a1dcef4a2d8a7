import type { Random } from "lib/base/numbers/random.ts";
import type { Clock } from "lib/base/system/clock.ts";
import type { TroubleLog } from "lib/base/system/trouble_log.ts";
import { createBackoff } from "lib/media/net/backoff.ts";
import { RequestError, type RequestProblem } from "lib/media/net/request_error.ts";

/** Problems that pass without anybody doing something about them. */
const PASSING: ReadonlySet<RequestProblem> = new Set(["network", "server", "rate-limited"]);

/**
 * Tries something over the network until it works, with waits that grow to half a minute: a bot that is started before its
 * network is there must not give up.
 *
 * @throws what does not pass by waiting, such as a token that is refused; the reason of the signal.
 */
export async function keepTrying<T>(
  attempt: () => Promise<T>,
  { clock, random, trouble, signal }: {
    readonly clock: Clock;
    readonly random: Random;
    readonly trouble: TroubleLog;
    readonly signal: AbortSignal;
  },
): Promise<T> {
  const backoff = createBackoff(random);
  while (true) {
    try {
      const result = await attempt();
      trouble.over();
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RequestError) || !PASSING.has(error.problem)) throw error;
      trouble.tell(`${error.message}; trying again`);
      await clock.sleep(backoff.failed({ atLeastMs: error.retryAfterMs }), signal);
    }
  }
}
