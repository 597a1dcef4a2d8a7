import type { LoadedClip } from "lib/web/browser/clip_cache.ts";
import { describeHints, showHints } from "lib/web/browser/clip_panel.ts";
import { byId, setText } from "lib/web/browser/element.ts";
import { labelLook } from "lib/web/browser/label_look.ts";

/**
 * What a model or chat said of clips: of the one that was just answered always, of the one that is to be answered only if
 * that is wanted, since it would bias the ear.
 */
export class ClipHintsPanel {
  readonly #events: readonly string[];
  readonly #switch = byId("hints-switch", HTMLInputElement);
  readonly #now = byId("hints-now", HTMLElement);
  readonly #last = byId("hints-last", HTMLElement);
  readonly #lastTitle = byId("last-answer", HTMLElement);
  #clip: LoadedClip | undefined;
  #label: string | undefined;

  constructor(events: readonly string[]) {
    this.#events = events;
    this.#switch.checked = localStorage.getItem("show-hints") === "yes";
    this.#switch.addEventListener("change", () => {
      localStorage.setItem("show-hints", this.#switch.checked ? "yes" : "no");
      void this.#showNow();
    });
  }

  toggle(): void {
    this.#switch.click();
  }

  /** A clip is shown now. @param label The answer that it has already, if any. */
  shown(clip: LoadedClip, label: string | undefined): void {
    this.#clip = clip;
    this.#label = label;
    void this.#showNow();
  }

  /** An answer was given: hints cannot bias it any more. */
  answered(clip: LoadedClip | undefined, label: string): void {
    setText(this.#lastTitle, `Last answer: ${labelLook(label, this.#events).text}`);
    this.#last.replaceChildren();
    void clip?.hints.then((hints) => {
      if (hints) showHints(this.#last, describeHints(hints));
    });
  }

  undone(): void {
    setText(this.#lastTitle, "The last answer was taken back");
    this.#last.replaceChildren();
  }

  async #showNow(): Promise<void> {
    const clip = this.#clip;
    const wanted = this.#switch.checked || this.#label !== undefined;
    this.#now.replaceChildren();
    if (!clip || !wanted) return;
    const hints = await clip.hints;
    if (clip === this.#clip && hints) showHints(this.#now, describeHints(hints));
  }
}
