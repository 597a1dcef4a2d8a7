import { element } from "lib/web/browser/element.ts";
import { followPointers } from "lib/web/browser/pointer_drag.ts";
import { formatTime } from "lib/web/browser/view_range.ts";

/** What a boundary on a picture tells. */
interface BoundaryActions {
  /** Dragged to a place on the picture, in CSS pixels from the picture's left edge. */
  readonly drag: (x: number, event: PointerEvent) => void;
  readonly dragEnd: () => void;
  /** Arrow keys while it has the focus: steps to the right. */
  readonly nudge: (steps: number, event: KeyboardEvent) => void;
  readonly focus?: () => void;
}

/**
 * A boundary that can be dragged, and moved by arrow keys: a slider to screen readers.
 */
export class BoundaryHandle {
  readonly element: HTMLDivElement;

  constructor(name: string, actions: BoundaryActions) {
    this.element = element("div", {
      class: "boundary",
      set: { role: "slider", tabindex: "0", "aria-label": name, "aria-valuenow": "0", "aria-valuemin": "0" },
    });
    const toPicture = (x: number) => x + this.element.offsetLeft;
    followPointers(this.element, {
      tap: () => this.element.focus(),
      drag: () => ({
        move: (x, event) => actions.drag(toPicture(x), event),
        end: () => actions.dragEnd(),
        cancel: () => actions.dragEnd(),
      }),
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      if (event.ctrlKey || event.metaKey) return;
      actions.nudge(event.key === "ArrowRight" ? 1 : -1, event);
      event.preventDefault();
      event.stopPropagation();
    });
    this.element.addEventListener("focus", () => actions.focus?.());
  }

  /** Shows where it is. @param x In CSS pixels; a boundary outside of the picture is hidden. */
  place(x: number, time: number, limits: { duration: number; width: number; chosen?: boolean }): void {
    const { style, classList } = this.element;
    this.element.hidden = x < -1 || x > limits.width + 1;
    style.left = `${Math.min(Math.max(0, x), limits.width)}px`;
    classList.toggle("chosen", limits.chosen ?? false);
    this.element.setAttribute("aria-valuenow", time.toFixed(3));
    this.element.setAttribute("aria-valuemax", limits.duration.toFixed(3));
    this.element.setAttribute("aria-valuetext", formatTime(time, 2));
  }
}
