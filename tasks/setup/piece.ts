import { fileURLToPath } from "node:url";
import type { Logger } from "lib/base/system/logger.ts";
import type { Progress } from "tasks/command/progress.ts";

/** How a piece of the set-up stands. */
export interface PieceResult {
  /** `found`: was there before; `installed`: is there now; `missing`: could not be had. */
  readonly state: "found" | "installed" | "missing";
  /** Which version from where; for a missing piece why, and what to do. */
  readonly detail: string;
}

/** What a piece gets to work with. */
export interface SetupContext {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Tries again what has failed before and has a lesser stand-in. */
  readonly retry: boolean;
  /** Takes files that are not those that were expected, and replaces what is there. */
  readonly force?: boolean | undefined;
  readonly progress?: Progress | undefined;
}

/** Something that parts of the project need and that does not come with its packages. */
export interface Piece {
  readonly name: string;
  /** What does not work, or is slower, without it. */
  readonly costs: string;
  /** Looks for it and, where it is missing, gets it. Throws when that fails. */
  install(context: SetupContext): Promise<PieceResult>;
}

/** Where downloaded and built things are kept; ignored by git, may be deleted at any time. */
export const CACHE_FOLDER: string = fileURLToPath(new URL("../../.cache", import.meta.url));
