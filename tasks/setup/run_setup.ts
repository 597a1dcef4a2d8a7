import { join } from "node:path";
import { errorMessage } from "lib/base/system/error_message.ts";
import { withLock } from "lib/base/system/lock.ts";
import { CACHE_FOLDER, type Piece, type PieceResult, type SetupContext } from "tasks/setup/piece.ts";

/** How each piece stands in the end. */
interface SetupRow extends PieceResult {
  readonly piece: string;
  readonly costs: string;
}

// Another set-up may be downloading gigabytes over a slow line.
const LOCK_TIMEOUT_MS = 3_600_000;

/**
 * Installs pieces one after the other; one that fails does not keep the others from being installed. Two set-ups at
 * once wait for each other at a lock in `cacheFolder`.
 */
export async function runSetup(
  pieces: readonly Piece[],
  context: SetupContext,
  { cacheFolder = CACHE_FOLDER }: { readonly cacheFolder?: string } = {},
): Promise<SetupRow[]> {
  await Deno.mkdir(cacheFolder, { recursive: true });
  return await withLock(join(cacheFolder, "setup.lock"), async () => {
    const rows: SetupRow[] = [];
    for (const piece of pieces) {
      context.signal.throwIfAborted();
      rows.push({ piece: piece.name, costs: piece.costs, ...await installTolerantly(piece, context) });
    }
    return rows;
  }, { timeoutMs: LOCK_TIMEOUT_MS, signal: context.signal });
}

async function installTolerantly(piece: Piece, context: SetupContext): Promise<PieceResult> {
  try {
    return await piece.install(context);
  } catch (error) {
    context.signal.throwIfAborted();
    const [reason] = errorMessage(error).split("\n");
    if (error instanceof Error && error.stack) context.log.debug(error.stack);
    return { state: "missing", detail: reason ?? "" };
  }
}

/** The rows as a table for people. */
export function formatSetup(rows: readonly SetupRow[]): string {
  const nameWidth = Math.max(...rows.map((row) => row.piece.length));
  return rows.map((row) => {
    const lines = [`${row.piece.padEnd(nameWidth)}  ${row.state.padEnd(9)}  ${row.detail}`];
    if (row.state === "missing") lines.push(`${" ".repeat(nameWidth + 13)}without it: ${row.costs}`);
    return lines.join("\n");
  }).join("\n");
}
