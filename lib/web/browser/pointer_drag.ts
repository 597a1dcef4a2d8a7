/** What happens with a pointer on a picture. Places are in CSS pixels from the picture's left edge. */
interface DragActions {
  /** Pressed and let go at the same place. */
  readonly tap?: (x: number, event: PointerEvent) => void;
  /** A drag began at a place; what comes back, if anything, is told of every move. */
  readonly drag: (x: number, event: PointerEvent) => DragSteps | undefined;
  /** Two fingers moved: where their middle is, how far it went, and how much wider they are apart. */
  readonly pinch?: (x: number, shift: number, spread: number) => void;
}

/** A drag that goes on. */
interface DragSteps {
  readonly move: (x: number, event: PointerEvent) => void;
  readonly end?: (x: number, event: PointerEvent) => void;
  readonly cancel?: () => void;
}

const TAP_PIXELS = 4;

/** Follows mouse, pen and fingers on a picture, until it is told to stop. */
export function followPointers(
  target: HTMLElement,
  actions: DragActions,
  options: { readonly signal?: AbortSignal } = {},
): void {
  const fingers = new Map<number, number>();
  let pressed: { id: number; x: number } | undefined;
  let steps: DragSteps | undefined;
  const place = (event: PointerEvent) => event.clientX - target.getBoundingClientRect().left;

  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    target.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, place(event));
    if (fingers.size > 1) {
      steps?.cancel?.();
      [pressed, steps] = [undefined, undefined];
    } else pressed = { id: event.pointerId, x: place(event) };
  }, options);
  target.addEventListener("pointermove", (event) => {
    const x = place(event);
    if (fingers.size === 2 && fingers.has(event.pointerId)) {
      const [other = x] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const before = fingers.get(event.pointerId)!;
      const [was, is] = [Math.max(8, Math.abs(before - other)), Math.max(8, Math.abs(x - other))];
      actions.pinch?.((x + other) / 2, (x - before) / 2, is / was);
    } else if (pressed?.id === event.pointerId) {
      if (!steps && Math.abs(x - pressed.x) > TAP_PIXELS) steps = actions.drag(pressed.x, event);
      steps?.move(x, event);
    }
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, x);
  }, options);
  target.addEventListener("pointerup", (event) => {
    fingers.delete(event.pointerId);
    if (pressed?.id !== event.pointerId) return;
    const x = place(event);
    const [ended, started] = [steps, pressed];
    [pressed, steps] = [undefined, undefined];
    if (ended) ended.end?.(x, event);
    else if (Math.abs(x - started.x) <= TAP_PIXELS) actions.tap?.(x, event);
  }, options);
  target.addEventListener("pointercancel", (event) => {
    fingers.delete(event.pointerId);
    steps?.cancel?.();
    [pressed, steps] = [undefined, undefined];
  }, options);
}
