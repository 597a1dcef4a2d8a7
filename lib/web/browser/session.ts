import { byId, setText } from "lib/web/browser/element.ts";
import type { Notices } from "lib/web/browser/notices.ts";
import type { Outbox } from "lib/web/browser/outbox.ts";
import type { Player } from "lib/web/browser/player.ts";
import type { Presence } from "lib/web/browser/presence.ts";
import type { LabelerConfig } from "lib/web/pages/api.ts";

/** What all views share. */
export interface Session {
  readonly config: LabelerConfig;
  /** Name of this tab. */
  readonly client: string;
  readonly outbox: Outbox;
  readonly presence: Presence;
  readonly player: Player;
  readonly notices: Notices;
  /** Whether another tab has what this one shows: nothing may be answered then. */
  readonly blocked: boolean;
  /** Tells screen readers what happened. */
  announce(text: string): void;
  /** Says what went wrong. */
  problem(text: string): void;
  changeSpeed(direction: -1 | 1): void;
}

/** Shows the speed on every control of it. */
export function showSpeed(speed: number): void {
  for (const id of ["clip-speed", "recording-speed"]) setText(byId(id, HTMLElement), `${speed}×`);
}
