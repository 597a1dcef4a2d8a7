import { postJson, RequestRefused, ServerGone } from "lib/web/browser/api_client.ts";
import type { KeptPost, OutboxStore } from "lib/web/browser/outbox_store.ts";

/** What became of a post: the server's answer, or nothing yet because it is kept in the browser. */
type SendOutcome<Answer> = { readonly state: "saved"; readonly answer: Answer } | {
  readonly state: "kept";
};

/** A kept post that the server refused when it was sent at last. */
export interface RefusedPost {
  readonly post: KeptPost;
  readonly error: RequestRefused;
}

/** What an outbox takes from outside. */
interface OutboxOptions {
  readonly store: OutboxStore;
  readonly post?: (path: string, body: object) => Promise<unknown>;
  /** Called when the number of kept posts, or whether the server answers, changed. */
  readonly onChange: () => void;
  readonly onRefused: (refused: RefusedPost) => void;
}

/**
 * Sends what must not be lost. While the server is gone, everything is kept in the browser's database and sent in the same
 * order when it is back. Every post has ids of its own, so that sending one twice writes it once.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #post: (path: string, body: object) => Promise<unknown>;
  #waiting: KeptPost[] = [];
  #gone = false;
  #flushing: Promise<void> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#post = options.post ?? postJson;
  }

  /** How many posts are kept. */
  get kept(): number {
    return this.#waiting.length;
  }

  /** Whether the last post did not reach the server. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Takes over what an earlier page could not send. */
  async restore(): Promise<void> {
    this.#waiting = await this.#options.store.all();
    if (this.#waiting.length > 0) this.#options.onChange();
  }

  /**
   * Sends a post; returns when it is on the server's disk, or on this one.
   * @throws {RequestRefused}
   */
  async send<Answer>(id: string, path: string, body: Record<string, unknown>): Promise<SendOutcome<Answer>> {
    // What was made earlier must arrive earlier: an undo after its answer.
    if (this.#waiting.length > 0) return await this.#keep({ id, path, body });
    try {
      const answer = await this.#post(path, body) as Answer;
      this.#setGone(false);
      return { state: "saved", answer };
    } catch (error) {
      const busy = error instanceof RequestRefused && error.code === "busy";
      if (!(error instanceof ServerGone) && !busy) throw error;
      this.#setGone(true);
      return await this.#keep({ id, path, body });
    }
  }

  /** Sends what is kept. Call it when the server answers again. */
  flush(): Promise<void> {
    this.#flushing ??= this.#sendKept().finally(() => {
      this.#flushing = undefined;
      this.#flushIfThere();
    });
    return this.#flushing;
  }

  async #keep<Answer>(post: KeptPost): Promise<SendOutcome<Answer>> {
    const kept = { ...post, body: { ...post.body, kept: true } };
    await this.#options.store.put(kept);
    this.#waiting.push(kept);
    this.#options.onChange();
    this.#flushIfThere();
    return { state: "kept" };
  }

  /** What was put behind others that have been sent meanwhile would wait for ever. */
  #flushIfThere(): void {
    if (!this.#gone && this.#waiting.length > 0) void this.flush();
  }

  async #sendKept(): Promise<void> {
    for (let post = this.#waiting[0]; post; post = this.#waiting[0]) {
      try {
        await this.#post(post.path, post.body);
      } catch (error) {
        if (!(error instanceof RequestRefused) || error.code === "busy") {
          this.#setGone(true);
          return;
        }
        this.#options.onRefused({ post, error });
      }
      this.#waiting.shift();
      await this.#options.store.remove(post.id);
      this.#options.onChange();
    }
    this.#setGone(false);
  }

  #setGone(gone: boolean): void {
    if (gone === this.#gone) return;
    this.#gone = gone;
    this.#options.onChange();
  }
}
