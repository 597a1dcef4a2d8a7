import { element } from "lib/web/browser/element.ts";
import { keyName } from "lib/web/browser/key_commands.ts";
import { labelLook } from "lib/web/browser/label_look.ts";

/** A button that gives a label: its sign and words, and the key that does the same. */
export function labelButton(
  { label, key, events }: {
    readonly label: string;
    readonly key: string;
    readonly events: readonly string[];
  },
  onClick: (event: MouseEvent) => void,
): HTMLButtonElement {
  const { text, sign, tone } = labelLook(label, events);
  return element("button", {
    class: `answer tone-${tone}`,
    set: { type: "button", "data-label": label, "aria-keyshortcuts": key },
    children: [
      element("span", { class: "sign", text: sign, set: { "aria-hidden": "true" } }),
      element("span", { class: "words", text }),
      element("kbd", { text: keyName(key), set: { "aria-hidden": "true" } }),
    ],
    onClick,
  });
}
