import { byId, element } from "lib/web/browser/element.ts";
import { type KeyCommand, keyName } from "lib/web/browser/key_commands.ts";

/** Shows what every key does now. */
export function showHelp(title: string, commands: readonly KeyCommand[]): void {
  const dialog = byId("help-dialog", HTMLDialogElement);
  byId("help-title", HTMLElement).textContent = title;
  const rows = commands.map(({ keys, does }) => {
    const names = keys.flatMap((key, i) => [...i > 0 ? [" "] : [], element("kbd", { text: keyName(key) })]);
    return element("div", {
      children: [element("dt", { children: names }), element("dd", { text: does })],
    });
  });
  byId("help-keys", HTMLElement).replaceChildren(...rows);
  if (!dialog.open) dialog.showModal();
}
