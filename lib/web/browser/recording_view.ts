import { RequestRefused } from "lib/web/browser/api_client.ts";
import { BoundaryHandle } from "lib/web/browser/boundary_handle.ts";
import { oncePerFrame } from "lib/web/browser/canvas.ts";
import { byId, setText } from "lib/web/browser/element.ts";
import { OverviewCanvas } from "lib/web/browser/overview_canvas.ts";
import { awaitOverview } from "lib/web/browser/overview_wait.ts";
import { RecordingCandidates } from "lib/web/browser/recording_candidates.ts";
import { RecordingCanvas } from "lib/web/browser/recording_canvas.ts";
import { RecordingPanel } from "lib/web/browser/recording_panel.ts";
import { RecordingPlayback } from "lib/web/browser/recording_playback.ts";
import { followRecordingPointers } from "lib/web/browser/recording_pointer.ts";
import { RecordingSnaps } from "lib/web/browser/recording_snaps.ts";
import { RecordingSteps } from "lib/web/browser/recording_steps.ts";
import { RecordingWindow } from "lib/web/browser/recording_window.ts";
import { RegionEditor } from "lib/web/browser/region_editor.ts";
import { RegionStore } from "lib/web/browser/region_store.ts";
import type { Session } from "lib/web/browser/session.ts";
import { formatTime, timeToX, xToTime } from "lib/web/browser/view_range.ts";
import type { CandidateList, RecordingDetail, RecordingOverview } from "lib/web/pages/api_recordings.ts";

/** A long recording: its overview, a span of it in detail, its regions, and playing it. */
export class RecordingView {
  readonly #session: Session;
  readonly #detail: RecordingDetail;
  readonly #canvas: RecordingCanvas;
  readonly #overviewCanvas: OverviewCanvas;
  readonly #panel: RecordingPanel;
  readonly #root = byId("recording-view", HTMLElement);
  readonly #overlay = byId("recording-overlay", HTMLCanvasElement);
  readonly #handle: BoundaryHandle;
  readonly #closed = new AbortController();
  readonly #drawSoon = oncePerFrame(() => this.#draw());
  readonly store: RegionStore;
  readonly editor: RegionEditor;
  readonly playback: RecordingPlayback;
  readonly window: RecordingWindow;
  readonly snaps: RecordingSnaps;
  readonly steps: RecordingSteps;
  readonly candidates: RecordingCandidates;
  #overview: RecordingOverview;

  constructor(
    session: Session,
    recording: { detail: RecordingDetail; overview: RecordingOverview; candidates: CandidateList },
  ) {
    this.#session = session;
    ({ detail: this.#detail, overview: this.#overview } = recording);
    const { duration, id } = this.#detail;
    this.window = new RecordingWindow(duration, session.player, () => this.#moved());
    this.snaps = new RecordingSnaps(id, this.closed);
    this.store = new RegionStore(session, id);
    const { candidates } = recording.candidates;
    this.candidates = new RecordingCandidates(id, candidates, () => this.store.regions);
    this.editor = new RegionEditor(this.store, duration, {
      onChange: () => this.#changed(),
      onProblem: (error) => this.#refused(error),
    });
    this.#canvas = new RecordingCanvas(
      { picture: byId("recording-picture", HTMLCanvasElement), overlay: this.#overlay },
      { detail: this.#detail, overview: this.#overview, events: session.config.events },
      this.#drawSoon,
    );
    this.#overviewCanvas = new OverviewCanvas(
      byId("overview", HTMLCanvasElement),
      () =>
        this.#root.hidden || this.#closed.signal.aborted ? undefined : {
          overview: this.#overview,
          duration,
          view: this.window.range,
          playhead: session.player.position,
          regions: this.editor.regions,
          candidates: this.candidates.all,
          events: session.config.events,
        },
      (time) => this.window.reach(time),
      this.#closed.signal,
    );
    this.playback = new RecordingPlayback(session, this.#detail, {
      view: () => this.window.range,
      part: () => this.editor.selection ?? this.editor.chosenRegion,
      onChange: () => this.#changed(),
      onFrame: () => this.#drawMarks(),
      turnPage: () => this.window.pan(0.9),
      closed: this.closed,
    });
    this.#handle = this.#makeHandle();
    this.#panel = new RecordingPanel(this, session);
    this.steps = new RecordingSteps({
      session,
      duration,
      editor: this.editor,
      window: this.window,
      playback: this.playback,
      candidates: () => this.candidates.all,
    });
    this.#listen();
    session.player.seek(0);
  }

  get detail(): RecordingDetail {
    return this.#detail;
  }

  /** Signals that the view was closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  async open(): Promise<void> {
    await this.store.open();
    this.#changed();
    this.#moved();
    void awaitOverview(this.#detail.id, this.#overview, {
      onNews: (overview) => {
        this.#overview = overview;
        this.#canvas.renew(overview);
        this.#changed();
      },
      closed: this.closed,
    });
  }

  close(): void {
    void this.editor.settle();
    this.#closed.abort();
    this.#canvas.close();
    this.#session.player.stop();
    this.#handle.element.remove();
  }

  /** Someone else wrote to the ledger, or the server is back. */
  async reload(): Promise<void> {
    await this.store.reload();
    await this.candidates.reload();
    this.#changed();
  }

  /** A class's key. */
  press(label: string): void {
    if (this.#session.blocked) return;
    const { position, playing } = this.#session.player;
    this.#run(this.editor.press(label, playing ? position : this.#snapped(position)));
  }

  remove(): void {
    if (!this.#session.blocked) this.#run(this.editor.remove());
  }

  undo(): void {
    if (this.#session.blocked) return;
    this.#run(
      this.editor.undo().then((around) => {
        if (around !== undefined && !this.window.holds(around)) this.window.reach(around);
        this.#session.announce("Taken back");
      }),
    );
  }

  #run(work: Promise<unknown>): void {
    work.catch((error) => this.#refused(error));
  }

  #refused(error: unknown): void {
    if (!(error instanceof RequestRefused)) return this.#session.problem(String((error as Error).message));
    if (error.code === "lease") return void this.#session.presence.beat();
    this.#session.problem(error.message);
    this.reload().catch(() => undefined);
  }

  #changed(): void {
    this.#drawSoon();
    this.#panel.update();
  }

  /** Another part is in view. */
  #moved(): void {
    delete this.#root.dataset["drawn"];
    this.#drawSoon();
    this.snaps.moveTo(this.window.range);
  }

  #draw(): void {
    if (this.#root.hidden || this.#closed.signal.aborted || this.#canvas.width === 0) return;
    const { range } = this.window;
    const complete = this.#canvas.draw(range);
    this.#drawMarks();
    this.#panel.showView();
    if (complete) this.#root.dataset["drawn"] = `${range.start.toFixed(3)}-${range.end.toFixed(3)}`;
  }

  #drawMarks(): void {
    const { editor, window: { range } } = this;
    const playhead = this.#session.player.position;
    const selection = editor.selection ??
      (editor.open ? { ...editor.open, offset: Math.max(editor.open.onset, playhead) } : undefined);
    this.#canvas.drawMarks(range, {
      regions: editor.regions,
      candidates: this.candidates.all,
      chosenRegion: editor.chosen,
      selection,
      playhead,
    });
    const { width } = this.#canvas;
    if (editor.boundary) {
      const limits = { duration: this.#detail.duration, width, chosen: true };
      this.#handle.place(timeToX(editor.boundary.time, range, width), editor.boundary.time, limits);
    } else this.#handle.element.hidden = true;
    setText(byId("playhead-time", HTMLElement), formatTime(playhead, 2));
    this.#overviewCanvas.redraw();
  }

  #timeAt(x: number): number {
    const time = xToTime(x, this.window.range, this.#canvas.width);
    return Math.min(this.#detail.duration, Math.max(0, time));
  }

  #snapped(time: number): number {
    return this.snaps.snapped(time, { range: this.window.range, width: this.#canvas.width });
  }

  #makeHandle(): BoundaryHandle {
    const handle = new BoundaryHandle("Boundary", {
      drag: (x, event) => this.editor.moveTo(event.altKey ? this.#timeAt(x) : this.#snapped(this.#timeAt(x))),
      dragEnd: () => {
        if (this.editor.boundary) this.playback.playAround(this.editor.boundary.time);
      },
      nudge: (steps, event) => this.steps.nudge(steps * (event.shiftKey ? 0.1 : 0.01)),
    });
    byId("recording-stage", HTMLElement).append(handle.element);
    return handle;
  }

  #listen(): void {
    const stage = byId("recording-stage", HTMLElement);
    const signal = this.closed;
    followRecordingPointers(this.#overlay, stage, {
      editor: this.editor,
      width: () => this.#canvas.width,
      timeAt: (x) => this.#timeAt(x),
      xOf: (time) => timeToX(time, this.window.range, this.#canvas.width),
      snapped: (time) => this.#snapped(time),
      mayEdit: () => !this.#session.blocked,
      jump: (time) => this.playback.jump(time),
      playAround: (time) => this.playback.playAround(time),
      playPart: () => this.playback.playPart(),
      pan: (share) => this.window.pan(share),
      zoom: (factor, around) => this.window.zoom(factor, around),
      redraw: () => this.#changed(),
      closed: signal,
    });
    const observer = new ResizeObserver(this.#drawSoon);
    observer.observe(this.#overlay);
    signal.addEventListener("abort", () => observer.disconnect());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#drawSoon, { signal });
  }
}
