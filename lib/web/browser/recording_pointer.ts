import { followPointers } from "lib/web/browser/pointer_drag.ts";
import type { RegionEditor } from "lib/web/browser/region_editor.ts";
import { regionAt } from "lib/web/browser/region_edits.ts";

/** What a pointer on the picture of a recording can do. Places are in CSS pixels from the left edge. */
interface PointerTargets {
  readonly editor: RegionEditor;
  readonly width: () => number;
  readonly timeAt: (x: number) => number;
  readonly xOf: (time: number) => number;
  /** A time, or the onset or silence next to it. */
  readonly snapped: (time: number) => number;
  readonly mayEdit: () => boolean;
  readonly jump: (time: number) => void;
  readonly playAround: (time: number) => void;
  readonly playPart: () => void;
  /** By a share of the view. */
  readonly pan: (share: number) => void;
  readonly zoom: (factor: number, around: number) => void;
  readonly redraw: () => void;
  readonly closed: AbortSignal;
}

const GRAB_PIXELS = 7;
const FINGER_GRAB_PIXELS = 16;

/** Lets mouse, pen, fingers and wheel work on the picture of a recording. */
export function followRecordingPointers(
  overlay: HTMLElement,
  stage: HTMLElement,
  targets: PointerTargets,
): void {
  const { editor, closed: signal } = targets;
  followPointers(overlay, {
    tap: (x) => {
      const time = targets.timeAt(x);
      editor.choose(regionAt(editor.regions, time));
      targets.jump(time);
    },
    drag: (from, event) => {
      const reach = event.pointerType === "mouse" ? GRAB_PIXELS : FINGER_GRAB_PIXELS;
      const near = editor.boundaries.find(({ time }) => Math.abs(targets.xOf(time) - from) <= reach);
      if (near && targets.mayEdit()) {
        editor.boundary = near;
        editor.chosen = near.begins ?? near.ends;
        return {
          move: (x, { altKey }) => editor.moveTo(placeAt(targets, x, altKey)),
          end: () => editor.boundary && targets.playAround(editor.boundary.time),
        };
      }
      // A finger moves the picture, as everywhere; mouse and pen mark.
      return event.pointerType === "touch" ? panning(targets, from) : marking(targets, from);
    },
    pinch: (x, shift, spread) => {
      targets.zoom(1 / spread, targets.timeAt(x));
      targets.pan(-shift / targets.width());
    },
  }, { signal });
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { deltaX, deltaY, shiftKey } = event;
    const sideways = Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : shiftKey ? deltaY : 0;
    if (sideways !== 0) return targets.pan(sideways / targets.width());
    const x = event.clientX - stage.getBoundingClientRect().left;
    targets.zoom(Math.exp(Math.sign(deltaY) * Math.min(60, Math.abs(deltaY)) / 200), targets.timeAt(x));
  }, { passive: false, signal });
}

function placeAt(targets: PointerTargets, x: number, exact: boolean): number {
  const time = targets.timeAt(x);
  return exact ? time : targets.snapped(time);
}

function panning(targets: PointerTargets, from: number): { move: (x: number) => void } {
  let last = from;
  return {
    move: (x) => {
      targets.pan((last - x) / targets.width());
      last = x;
    },
  };
}

function marking(
  targets: PointerTargets,
  from: number,
): { move: (x: number, event: PointerEvent) => void; end: () => void } {
  const { editor } = targets;
  const first = placeAt(targets, from, false);
  editor.cancel();
  return {
    move: (x, { altKey }) => {
      const time = placeAt(targets, x, altKey);
      editor.selection = { onset: Math.min(first, time), offset: Math.max(first, time) };
      targets.redraw();
    },
    end: () => {
      const { selection } = editor;
      if (selection && selection.offset - selection.onset < 0.02) editor.selection = undefined;
      targets.redraw();
      if (editor.selection) targets.playPart();
    },
  };
}
