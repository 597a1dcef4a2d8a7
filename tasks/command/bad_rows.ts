import type { Logger } from "lib/base/system/logger.ts";

/** Rows that are told one by one; of a file with more, only their number. */
const TOLD = 3;

/** Names the first rows of a file that cannot be used, and says at its end how many there were. */
export function logBadRows(path: string, log: Pick<Logger, "warn">): {
  readonly onBadRow: (error: SyntaxError) => void;
  readonly end: () => void;
} {
  let count = 0;
  return {
    onBadRow(error) {
      if (++count <= TOLD) log.warn(`${error.message}: row skipped`);
    },
    end() {
      if (count > TOLD) log.warn(`${path}: ${count} rows skipped in all`);
    },
  };
}
