import { byId, element, setText } from "lib/web/browser/element.ts";
import { labelButton } from "lib/web/browser/label_button.ts";
import { labelLook } from "lib/web/browser/label_look.ts";
import { recordingClasses } from "lib/web/browser/recording_commands.ts";
import type { RecordingView } from "lib/web/browser/recording_view.ts";
import type { Session } from "lib/web/browser/session.ts";
import { formatTime } from "lib/web/browser/view_range.ts";

const MOST_LISTED = 200;

/** The buttons and texts around a long recording. */
export class RecordingPanel {
  readonly #view: RecordingView;
  readonly #session: Session;
  readonly #list = byId("region-list", HTMLElement);
  readonly #status = byId("recording-status", HTMLElement);
  readonly #classes: readonly HTMLButtonElement[];
  #listed = "";

  constructor(view: RecordingView, session: Session) {
    this.#view = view;
    this.#session = session;
    setText(byId("recording-name", HTMLElement), view.detail.name);
    const { events } = session.config;
    this.#classes = recordingClasses(session.config).map(({ label, key }) =>
      labelButton({ label, key, events }, () => view.press(label))
    );
    byId("classes", HTMLElement).replaceChildren(...this.#classes);
  }

  /** Shows what holds now. */
  update(): void {
    const { editor, detail, playback } = this.#view;
    byId("recording-play", HTMLElement).setAttribute("aria-pressed", String(this.#session.player.playing));
    setText(byId("recording-play-text", HTMLElement), this.#session.player.playing ? "Pause" : "Play");
    byId("recording-loop", HTMLElement).setAttribute("aria-pressed", String(playback.looping));
    byId("recording-remove", HTMLButtonElement).disabled = editor.chosenRegion === undefined ||
      this.#session.blocked;
    const chosen = editor.open?.label ?? editor.chosenRegion?.label;
    for (const button of this.#classes) {
      button.setAttribute("aria-pressed", String(button.dataset["label"] === chosen));
    }
    const open = this.#view.candidates.all.filter(({ done }) => !done).length;
    setText(
      byId("recording-facts", HTMLElement),
      `${formatTime(detail.duration)} · ${editor.regions.length} labelled · ${open} to look at`,
    );
    setText(this.#status, this.#whatNow());
    this.#fillList();
  }

  /** Shows which span is in view. */
  showView(): void {
    const { start, end } = this.#view.window.range;
    const digits = end - start < 20 ? 2 : 0;
    setText(byId("view-text", HTMLElement), `${formatTime(start, digits)} to ${formatTime(end, digits)}`);
    this.#fillList();
  }

  #whatNow(): string {
    const { editor } = this.#view;
    const words = (label: string) => labelLook(label, this.#session.config.events).text;
    if (editor.selection) {
      const { onset, offset } = editor.selection;
      return `Marked ${formatTime(onset, 2)} to ${formatTime(offset, 2)} (${
        (offset - onset).toFixed(2)
      } s): press a class to label it`;
    }
    if (editor.open) {
      return `${words(editor.open.label)} since ${formatTime(editor.open.onset, 2)}: ` +
        (editor.alternating ? "another class goes on, the same one ends" : "press it again to end");
    }
    const region = editor.chosenRegion;
    if (region) {
      return `${words(region.label)}, ${formatTime(region.onset, 2)} to ${formatTime(region.offset, 2)}: ` +
        "← → move the boundary";
    }
    return editor.alternating
      ? "Play, and press a class whenever it begins"
      : matchMedia("(pointer: coarse)").matches
      // A finger moves the picture.
      ? "Press a class where it begins and again where it ends"
      : "Drag to mark, or press a class where it begins and again where it ends";
  }

  /** Regions in view, for those who do not see the picture or use no pointer. */
  #fillList(): void {
    const { start, end } = this.#view.window.range;
    const { editor } = this.#view;
    const all = editor.regions.filter(({ onset, offset }) => offset >= start && onset <= end);
    const shown = all.slice(0, MOST_LISTED);
    const key = JSON.stringify([shown, editor.chosen]);
    if (key === this.#listed) return;
    this.#listed = key;
    setText(byId("region-count", HTMLElement), `${all.length} in view`);
    const focused = this.#list.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset["region"]
      : undefined;
    this.#list.replaceChildren(...shown.map((region) => {
      const { text, sign, tone } = labelLook(region.label, this.#session.config.events);
      return element("li", {
        children: [element("button", {
          class: "region",
          set: {
            type: "button",
            "aria-pressed": String(region.id === editor.chosen),
            "data-region": region.id,
          },
          children: [
            element("span", { class: `dot tone-${tone}`, text: sign, set: { "aria-hidden": "true" } }),
            element("span", { text: `${formatTime(region.onset, 2)} to ${formatTime(region.offset, 2)}` }),
            element("span", { class: "words", text }),
          ],
          onClick: () => {
            editor.choose(region);
            this.#view.playback.playPart();
          },
        })],
      });
    }));
    // The list was made anew: whoever was in it goes on from the same region, or from what became of it.
    if (focused === undefined) return;
    const buttons = [...this.#list.querySelectorAll("button")];
    (buttons.find(({ dataset }) => dataset["region"] === focused) ??
      buttons.find((button) => button.getAttribute("aria-pressed") === "true"))?.focus();
  }
}
