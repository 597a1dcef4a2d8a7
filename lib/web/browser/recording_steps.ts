import type { RecordingPlayback } from "lib/web/browser/recording_playback.ts";
import type { RecordingWindow } from "lib/web/browser/recording_window.ts";
import type { RegionEditor } from "lib/web/browser/region_editor.ts";
import type { Session } from "lib/web/browser/session.ts";
import { formatTime } from "lib/web/browser/view_range.ts";
import type { CandidateList } from "lib/web/pages/api_recordings.ts";

/** What stepping needs of a recording that is open. */
interface StepPlace {
  readonly session: Session;
  /** Of the recording, in seconds. */
  readonly duration: number;
  readonly editor: RegionEditor;
  readonly window: RecordingWindow;
  readonly playback: RecordingPlayback;
  readonly candidates: () => CandidateList["candidates"];
}

/** Goes from one place to the next in a long recording: to candidates, to boundaries, and to where a boundary belongs. */
export class RecordingSteps {
  readonly #place: StepPlace;
  #around: ReturnType<typeof setTimeout> | undefined;

  constructor(place: StepPlace) {
    this.#place = place;
  }

  /** Shows and plays the next place to look at; the next one that nobody labelled yet. */
  candidate(direction: -1 | 1): void {
    const { session, duration, editor, window, playback, candidates } = this.#place;
    const here = session.player.position;
    const open = candidates().filter(({ done }) => !done);
    const next = direction === 1
      ? open.find(({ onset }) => onset > here + 0.51)
      : open.findLast(({ onset }) => onset < here - 0.01);
    if (!next) return session.announce("No more candidates in this direction");
    window.showAround(next.onset, Math.max(4, (next.offset - next.onset) * 3));
    editor.selection = { onset: next.onset, offset: next.offset };
    editor.chosen = editor.boundary = undefined;
    // Neither score nor reason, which would bias: the picture and the sound are to decide.
    session.announce(`Candidate at ${formatTime(next.onset, 1)}`);
    playback.play(Math.max(0, next.onset - 0.5), Math.min(duration, next.offset + 0.5));
  }

  /** Chooses the next boundary and plays around it. */
  boundary(direction: -1 | 1): void {
    const { session, editor, window, playback } = this.#place;
    const time = editor.stepBoundary(session.player.position, direction);
    if (time === undefined) return session.announce("No boundary in this direction");
    if (!window.holds(time)) window.showAround(time);
    playback.playAround(time);
  }

  /** Moves the chosen boundary and plays around it. */
  nudge(seconds: number): void {
    const { editor, playback } = this.#place;
    const { boundary } = editor;
    if (!boundary) return;
    editor.moveTo(boundary.time + seconds);
    clearTimeout(this.#around);
    // A key that is held down moves many times before one wants to hear it.
    this.#around = setTimeout(() => playback.playAround(editor.boundary?.time ?? boundary.time), 150);
  }
}
