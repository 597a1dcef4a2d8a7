/** Something that a key does. */
export interface KeyCommand {
  /** Values of `KeyboardEvent.key` that do it, the first of which is shown; `Shift+` and `Ctrl+` may stand before. */
  readonly keys: readonly string[];
  /** What it does, for the help. */
  readonly does: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Whether holding the key down does it again and again. */
  readonly repeats?: boolean;
}

/** How a key is called on buttons and in the help. */
export function keyName(key: string): string {
  const names: Record<string, string> = {
    " ": "Space",
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
    PageUp: "Page up",
    PageDown: "Page down",
    Delete: "Del",
  };
  return key.split(/(?<=.)\+(?=.)/).map((part) => names[part] ?? part).join(" ");
}

/** The name of what was pressed, as commands call it. Letters count however they are written. */
function pressedKey(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  // Shift is part of what signs are, such as `?`.
  const shift = event.shiftKey && (key.length > 1 || /[a-z]/.test(key)) ? "Shift+" : "";
  return `${control}${shift}${key}`;
}

/** Runs the command of a key, unless the key belongs to what has the focus. Returns whether one was run. */
export function runKeyCommand(event: KeyboardEvent, commands: readonly KeyCommand[]): boolean {
  if (event.defaultPrevented || event.altKey || event.isComposing || ownsKey(event)) return false;
  const pressed = pressedKey(event);
  const command = commands.find(({ keys }) => keys.includes(pressed));
  if (!command) return false;
  event.preventDefault();
  if (!event.repeat || command.repeats) command.run(event);
  return true;
}

/** Whether the element with the focus does something by itself with a key. */
function ownsKey(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (!(target instanceof HTMLElement) || event.ctrlKey && key === "z" && !isTextField(target)) return false;
  if (target.closest("dialog")) return true;
  if (isTextField(target)) return true;
  if (target instanceof HTMLSelectElement) return !["?"].includes(key);
  // Space on a button presses it; but an answer's button keeps the focus after a click, and Space is to replay then.
  if (target.matches("a, summary")) return key === "Enter";
  if (target.matches("button, input")) {
    return key === "Enter" || (key === " " && target.matches(":focus-visible"));
  }
  return false;
}

function isTextField(target: HTMLElement): boolean {
  return target instanceof HTMLTextAreaElement ||
    target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type);
}
