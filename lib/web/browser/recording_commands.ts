import { byId } from "lib/web/browser/element.ts";
import type { KeyCommand } from "lib/web/browser/key_commands.ts";
import { labelLook } from "lib/web/browser/label_look.ts";
import type { RecordingView } from "lib/web/browser/recording_view.ts";
import type { Session } from "lib/web/browser/session.ts";
import type { LabelerConfig } from "lib/web/pages/api.ts";

/**
 * The classes of long recordings and their keys: `a`, `b` and so on, and as for clips `u` for unsure and `s` for skip. With
 * one event, the other class is its absence.
 */
export function recordingClasses(
  { events }: Pick<LabelerConfig, "events">,
): { label: string; key: string }[] {
  const labels = events.length > 1 ? events : events.flatMap((event) => [event, `not-${event}`]);
  return [
    ...labels.slice(0, 6).map((label, index) => ({ label, key: "abcdef"[index]! })),
    { label: "unsure", key: "u" },
    { label: "skip", key: "s" },
  ];
}

/** The keys that work on a long recording. */
export function recordingCommands(view: RecordingView, session: Session): KeyCommand[] {
  const { editor } = view;
  const arrows = (key: string, sign: -1 | 1, size: number, share: number): KeyCommand => ({
    keys: [key],
    does: `Move the chosen boundary ${size * 1000} ms ${
      sign < 0 ? "earlier" : "later"
    }, or else the playhead`,
    repeats: true,
    run: () => editor.boundary ? view.steps.nudge(sign * size) : view.window.moveHead(sign * share),
  });
  return [
    ...recordingClasses(session.config).map(({ label, key }): KeyCommand => ({
      keys: [key],
      does: `${
        labelLook(label, session.config.events).text
      }: label what is marked, or begin and end at the playhead`,
      run: () => view.press(label),
    })),
    { keys: [" "], does: "Play on from the playhead, or stop there", run: () => view.playback.toggle() },
    { keys: ["v", "Enter"], does: "Play what is marked", run: () => view.playback.playPart() },
    { keys: ["l"], does: "Loop what is marked, or not", run: () => view.playback.toggleLoop() },
    { keys: [","], does: "Slower, down to a quarter", run: () => session.changeSpeed(-1) },
    { keys: ["."], does: "Faster, up to twice", run: () => session.changeSpeed(1) },
    { keys: ["n"], does: "Next candidate", run: () => view.steps.candidate(1) },
    { keys: ["p"], does: "Candidate before", run: () => view.steps.candidate(-1) },
    { keys: ["q"], does: "Choose the boundary before", run: () => view.steps.boundary(-1) },
    { keys: ["w"], does: "Choose the next boundary", run: () => view.steps.boundary(1) },
    arrows("ArrowLeft", -1, 0.01, 0.05),
    arrows("ArrowRight", 1, 0.01, 0.05),
    arrows("Shift+ArrowLeft", -1, 0.1, 0.5),
    arrows("Shift+ArrowRight", 1, 0.1, 0.5),
    {
      keys: ["ArrowUp", "+"],
      does: "Zoom in, to 50 ms a screen",
      repeats: true,
      run: () => view.window.zoom(1 / 1.5),
    },
    { keys: ["ArrowDown", "-"], does: "Zoom out", repeats: true, run: () => view.window.zoom(1.5) },
    { keys: ["0"], does: "Show the whole recording", run: () => view.window.showAll() },
    { keys: ["PageUp"], does: "A screen earlier", repeats: true, run: () => view.window.pan(-0.9) },
    { keys: ["PageDown"], does: "A screen later", repeats: true, run: () => view.window.pan(0.9) },
    { keys: ["Home"], does: "To the beginning", run: () => view.window.reach(0) },
    { keys: ["End"], does: "To the end", run: () => view.window.reach(view.detail.duration) },
    { keys: ["g"], does: "Go to a time", run: () => byId("go-to-time", HTMLInputElement).focus() },
    {
      keys: ["m"],
      does: "Alternating segments, or not",
      run: () => byId("alternating", HTMLInputElement).click(),
    },
    {
      keys: ["o"],
      does: "Snap to onsets and silence, or not",
      run: () => byId("snapping", HTMLInputElement).click(),
    },
    { keys: ["Escape"], does: "Choose nothing, give up what was begun", run: () => editor.cancel() },
    { keys: ["Delete"], does: "Remove the chosen region", run: () => view.remove() },
    { keys: ["z", "Ctrl+z"], does: "Undo, as often as you like", run: () => view.undo() },
  ];
}
