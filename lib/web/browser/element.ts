/** What an element is made with. */
interface ElementParts {
  readonly class?: string;
  readonly text?: string;
  /** Attributes by name. */
  readonly set?: Readonly<Record<string, string>>;
  readonly children?: readonly (Node | string)[];
  readonly onClick?: (event: MouseEvent) => void;
}

/** Makes an element. Text is never read as HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  parts: ElementParts = {},
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (parts.class) made.className = parts.class;
  if (parts.text !== undefined) made.textContent = parts.text;
  for (const [key, value] of Object.entries(parts.set ?? {})) made.setAttribute(key, value);
  made.append(...parts.children ?? []);
  if (parts.onClick) made.addEventListener("click", parts.onClick as EventListener);
  return made;
}

/**
 * The element with an id of `index.html`.
 * @throws {TypeError} If there is none, or it is of another kind.
 */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`The page has no ${kind.name} with the id ${id}`);
  return found;
}

/** Writes text only where it changed: screen readers announce every write. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
