import { element } from "lib/web/browser/element.ts";

/** A line above the views. */
interface Notice {
  readonly text: string;
  readonly tone: "warning" | "problem" | "good";
  readonly actions?: readonly { readonly text: string; readonly run: () => void }[];
  /** Lets the person close it. */
  readonly closes?: boolean;
}

/** What the page has to say about itself: one line for each thing, by name. */
export class Notices {
  readonly #root: HTMLElement;
  readonly #shown = new Map<string, { readonly made: HTMLElement; readonly text: string }>();

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  show(name: string, { text, tone, actions = [], closes = false }: Notice): void {
    const old = this.#shown.get(name);
    if (old?.text === text) return;
    const buttons = actions.map(({ text, run }) =>
      element("button", { text, set: { type: "button" }, onClick: run })
    );
    if (closes) {
      buttons.push(element("button", {
        text: "Close",
        set: { type: "button" },
        onClick: () => this.hide(name),
      }));
    }
    const made = element("div", {
      class: `notice ${tone}`,
      set: { "data-notice": name },
      children: [element("p", { text }), ...buttons],
    });
    if (old) old.made.replaceWith(made);
    else this.#root.append(made);
    this.#shown.set(name, { made, text });
  }

  hide(name: string): void {
    this.#shown.get(name)?.made.remove();
    this.#shown.delete(name);
  }
}
