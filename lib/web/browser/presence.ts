import { postJson } from "lib/web/browser/api_client.ts";
import type { HeartbeatAnswer, HeartbeatRequest, Scope } from "lib/web/pages/api.ts";

/** What a page learns by its heartbeat. */
interface PresenceEvents {
  /** The server answered, after it had not, or for the first time. */
  readonly onServer: (answer: HeartbeatAnswer) => void;
  readonly onGone: () => void;
  /** Another tab labels what this one shows, or no longer does. */
  readonly onLease: (lease: HeartbeatAnswer["lease"]) => void;
  /** Someone else changed the ledger, or the server was started anew. */
  readonly onRevision: (answer: HeartbeatAnswer) => void;
}

/**
 * Tells the server regularly that this tab is there and what it works on, so that a second tab on the same work is told, and
 * learns whether the server is there.
 */
export class Presence {
  readonly client: string;
  readonly #events: PresenceEvents;
  readonly #periodMs: number;
  #scope: Scope | null = null;
  #there: boolean | undefined;
  #lease: HeartbeatAnswer["lease"] | undefined;
  #revision: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: string, periodMs: number, events: PresenceEvents) {
    this.client = client;
    this.#periodMs = periodMs;
    this.#events = events;
    globalThis.addEventListener("pagehide", () => this.#leave());
    // A page that comes back from the browser's cache has given up its claim.
    globalThis.addEventListener("pageshow", (event) => {
      if (event instanceof PageTransitionEvent && event.persisted) void this.beat();
    });
    globalThis.addEventListener("online", () => void this.beat());
  }

  /** Claims what this tab works on, and gives back what it worked on before. */
  async claim(scope: Scope | null): Promise<void> {
    if (this.#scope !== null && scope !== this.#scope) {
      await this.#post({ scope: this.#scope, leaving: true });
    }
    this.#scope = scope;
    await this.beat();
  }

  /** Takes the work from the other tab. */
  takeOver(): Promise<void> {
    return this.beat(true);
  }

  /** What was written by this tab is no news to it. */
  noteRevision(revision: number): void {
    if (this.#revision !== undefined) this.#revision = `${this.#revision.split("/")[0]}/${revision}`;
  }

  /** Asks now, and again in a while. A server that is gone is asked more often. */
  async beat(takeOver = false): Promise<void> {
    clearTimeout(this.#timer);
    const answer = await this.#post({ scope: this.#scope, takeOver });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.beat(),
      // A tab that waits for another one to be closed asks more often, as does one whose server is gone.
      answer && answer.lease !== "other" ? this.#periodMs : Math.min(1_000, this.#periodMs),
    );
    if (!answer) {
      if (this.#there !== false) this.#events.onGone();
      this.#there = false;
      return;
    }
    if (this.#there !== true) this.#events.onServer(answer);
    this.#there = true;
    if (answer.lease !== this.#lease) this.#events.onLease(answer.lease);
    this.#lease = answer.lease;
    const revision = `${answer.instance}/${answer.revision}`;
    if (this.#revision !== undefined && this.#revision !== revision) this.#events.onRevision(answer);
    this.#revision = revision;
  }

  /** Something else found that the server does not answer. */
  noteGone(): void {
    if (this.#there === false) return;
    this.#there = false;
    this.#events.onGone();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.beat(), Math.min(500, this.#periodMs));
  }

  async #post(request: Omit<HeartbeatRequest, "client">): Promise<HeartbeatAnswer | undefined> {
    try {
      return await postJson<HeartbeatAnswer>("/api/heartbeat", { client: this.client, ...request }, 5_000);
    } catch {
      return undefined;
    }
  }

  #leave(): void {
    const body = JSON.stringify({ client: this.client, scope: this.#scope, leaving: true });
    navigator.sendBeacon("/api/heartbeat", new Blob([body], { type: "application/json" }));
  }
}
