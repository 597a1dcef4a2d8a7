import { RequestRefused, ServerGone } from "lib/web/browser/api_client.ts";
import { ClipCache, type LoadedClip } from "lib/web/browser/clip_cache.ts";
import { ClipHintsPanel } from "lib/web/browser/clip_hints_panel.ts";
import type { ClipQueue } from "lib/web/browser/clip_queue.ts";
import { ClipStage } from "lib/web/browser/clip_stage.ts";
import { byId, setText } from "lib/web/browser/element.ts";
import type { Session } from "lib/web/browser/session.ts";
import type { Answer } from "lib/web/pages/api.ts";

/** A clip on the screen. */
export interface ShownClip {
  readonly id: string;
  /** Undefined if it cannot be played. */
  readonly clip: LoadedClip | undefined;
  readonly since: number;
}

/** How many clips are loaded ahead. */
const PREFETCH = 12;

/** The one clip that is asked about: loads it, shows it, plays it, and says so where that cannot be. */
export class ClipScreen {
  readonly stage: ClipStage;
  readonly hints: ClipHintsPanel;
  readonly #session: Session;
  readonly #cache: ClipCache;
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #root = byId("clips-view", HTMLElement);
  readonly #message = byId("clip-message", HTMLElement);
  #shown: ShownClip | undefined;
  #wanted: string | undefined;
  #turn = 0;

  /** @param buttons Those that answer; the one of the answer that holds is shown as pressed. */
  constructor(session: Session, buttons: readonly HTMLButtonElement[]) {
    this.#session = session;
    this.#buttons = buttons;
    this.#cache = new ClipCache(session.player.context);
    this.stage = new ClipStage(session.player);
    this.hints = new ClipHintsPanel(session.config.events);
  }

  /** The clip that can be answered: none while another one is on its way. */
  get shown(): ShownClip | undefined {
    return this.#shown;
  }

  /** The clip that is there or on its way. */
  get wanted(): string | undefined {
    return this.#wanted;
  }

  /** Takes the clip away from whoever would answer it; {@linkcode giveBack} undoes that. */
  take(): ShownClip | undefined {
    const shown = this.#shown;
    this.#shown = undefined;
    return shown;
  }

  giveBack(shown: ShownClip | undefined): void {
    this.#shown = shown;
  }

  /** Keeps in mind what is known of a clip's answer now. */
  async note(id: string, answer: Answer | undefined): Promise<void> {
    await this.#cache.note(id, answer);
  }

  /** Shows nothing, and says why. */
  showNothing(text: string): void {
    this.#turn++;
    this.#wanted = this.#shown = undefined;
    this.stage.clear();
    this.#root.dataset["clip"] = "";
    this.#say(text);
  }

  /**
   * Shows a clip of the queue as soon as it is loaded, and loads those ahead.
   * @param pressedAt When the key was pressed that asked for it, in milliseconds of the page, for measuring.
   */
  async show(id: string, queue: ClipQueue, pressedAt: number | undefined): Promise<void> {
    const turn = ++this.#turn;
    this.#shown = undefined;
    this.#wanted = id;
    const waiting = setTimeout(() => this.#say("Loading the clip…"), 400);
    try {
      const clip = await this.#cache.get(id);
      if (turn !== this.#turn) return;
      this.#say("");
      // The stage has its size only when what belongs to a clip is there.
      this.#root.dataset["clip"] = id;
      this.stage.show(clip);
      this.#shown = { id, clip, since: performance.now() };
      this.hints.shown(clip, queue.place(id)?.label);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.stage.clear();
      if (!(error instanceof RequestRefused) || error.code === "busy") {
        this.#say("The server does not answer, and this clip is not loaded yet. It comes as soon as it can.");
        if (error instanceof ServerGone) this.#session.presence.noteGone();
        else setTimeout(() => void this.showAgain(queue), 1_500);
        return;
      }
      this.#say(`This clip cannot be played: ${error.message}`);
      this.#shown = { id, clip: undefined, since: performance.now() };
    } finally {
      clearTimeout(waiting);
    }
    const index = queue.indexOf(id);
    for (const button of this.#buttons) {
      button.setAttribute("aria-pressed", String(button.dataset["label"] === queue.place(id)?.label));
    }
    this.#root.dataset["clip"] = id;
    this.#session.announce(`Clip ${index + 1} of ${queue.places.length}`);
    requestAnimationFrame(() => {
      if (pressedAt !== undefined) this.#root.dataset["shownMs"] = (performance.now() - pressedAt).toFixed(1);
    });
    void this.#cache.prefetch(queue.unanswered(index, PREFETCH), () => this.#showAhead(queue));
  }

  /** Tries again to show what could not be loaded. */
  async showAgain(queue: ClipQueue): Promise<void> {
    if (!this.#shown?.clip && this.#wanted !== undefined) await this.show(this.#wanted, queue, undefined);
  }

  /** How many of the next clips would show even if the server went away now. */
  #showAhead(queue: ClipQueue): void {
    const next = queue.unanswered(queue.indexOf(this.#wanted ?? ""), PREFETCH);
    const missing = next.findIndex((id) => !this.#cache.has(id));
    this.#root.dataset["ahead"] = String(missing < 0 ? next.length : missing);
  }

  #say(text: string): void {
    this.#message.hidden = text === "";
    setText(this.#message, text);
  }
}
