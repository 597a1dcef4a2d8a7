import type { Clock } from "lib/base/system/clock.ts";
import type { HeartbeatAnswer, Scope } from "lib/web/pages/api.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";

/** How often tabs say that they are there, in milliseconds. */
export const HEARTBEAT_MS = 4_000;
/** A tab that is silent for so long is gone, in milliseconds: closed without a word, as when a browser ends. */
const LEASE_MS = 9_000;

/** Which tab works on what. Kept in memory: after a restart, whoever comes first has it. */
export interface Leases {
  /** Claims a scope, or says who has it. */
  claim(
    client: string,
    scope: Scope,
    takeOver: boolean,
  ): Pick<HeartbeatAnswer, "lease" | "otherSeenSecondsAgo">;
  /** Gives back everything that a tab has. */
  leave(client: string): void;
  /**
   * Makes sure that a tab may change something.
   * @throws {HttpProblem} `lease` if another one has the scope.
   */
  require(client: string, scope: Scope): void;
}

/** No scope is claimed at the beginning. */
export function createLeases(clock: Clock): Leases {
  const holders = new Map<Scope, { client: string; seenMs: number }>();
  const claim = (client: string, scope: Scope, takeOver: boolean) => {
    const now = clock.monotonicMs();
    const holder = holders.get(scope);
    if (holder && holder.client !== client && !takeOver && now - holder.seenMs < LEASE_MS) {
      return { lease: "other" as const, otherSeenSecondsAgo: Math.round((now - holder.seenMs) / 1000) };
    }
    holders.set(scope, { client, seenMs: now });
    return { lease: "yours" as const };
  };
  return {
    claim,
    leave: (client) => {
      for (const [scope, holder] of holders) if (holder.client === client) holders.delete(scope);
    },
    require: (client, scope) => {
      if (claim(client, scope, false).lease === "yours") return;
      throw new HttpProblem("lease", "another tab is labelling this: go on there, or take over");
    },
  };
}
