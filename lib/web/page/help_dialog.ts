import { byId, element } from "lib/web/page/element.ts";
import { type KeyCommand, keyName } from "lib/web/page/key_commands.ts";

/** Shows what every key does now. */
export function showHelp(title: string, commands: readonly KeyCommand[]): void {
  const dialog = byId("help-dialog", HTMLDialogElement);
  byId("help-title", HTMLElement).textContent = title;
  byId("help-keys", HTMLElement).replaceChildren(...commands.flatMap(({ keys, does }) => [
    element("dt", {
      children: keys.flatMap((key, index) => [
        ...index > 0 ? [" "] : [],
        element("kbd", { text: keyName(key) }),
      ]),
    }),
    element("dd", { text: does }),
  ]));
  if (!dialog.open) dialog.showModal();
}
