import type { Clock } from "lib/base/system/clock.ts";
import { ReviewError } from "lib/work/review/review_error.ts";

/** What only one tab at a time works on: the clips, or one recording. */
export type Scope = "clips" | `recording:${string}`;

/** Whether a tab has what it claims. */
interface Claim {
  readonly lease: "yours" | "other";
  readonly otherSeenSecondsAgo?: number;
}

/** How often tabs say that they are there, in milliseconds. */
export const HEARTBEAT_MS = 4_000;
/** A tab that is silent for so long is gone, in milliseconds: closed without a word, as when a browser ends. */
const LEASE_MS = 9_000;

/** Which tab works on what. Kept in memory: after a restart, whoever comes first has it. */
export interface Leases {
  /** Claims a scope, or says who has it. */
  claim(client: string, scope: Scope, takeOver: boolean): Claim;
  /** Gives back everything that a tab has. */
  leave(client: string): void;
  /**
   * Makes sure that a tab may change something.
   * @throws {ReviewError} `lease` if another one has the scope.
   */
  require(client: string, scope: Scope): void;
}

/** No scope is claimed at the beginning. */
export function createLeases(clock: Clock): Leases {
  const holders = new Map<Scope, { client: string; seenMs: number }>();
  const claim = (client: string, scope: Scope, takeOver: boolean): Claim => {
    const now = clock.monotonicMs();
    const holder = holders.get(scope);
    if (holder && holder.client !== client && !takeOver && now - holder.seenMs < LEASE_MS) {
      return { lease: "other", otherSeenSecondsAgo: Math.round((now - holder.seenMs) / 1000) };
    }
    holders.set(scope, { client, seenMs: now });
    return { lease: "yours" };
  };
  return {
    claim,
    leave: (client) => {
      for (const [scope, holder] of holders) if (holder.client === client) holders.delete(scope);
    },
    require: (client, scope) => {
      if (claim(client, scope, false).lease === "yours") return;
      throw new ReviewError("lease", "another tab is labelling this: go on there, or take over");
    },
  };
}
