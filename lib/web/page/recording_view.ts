import type {
  CandidateList,
  RecordingDetail,
  RecordingOverview,
  SnapPoints,
} from "lib/web/api_recordings.ts";
import { getJson, RequestRefused } from "lib/web/page/api_client.ts";
import { BoundaryHandle } from "lib/web/page/boundary_handle.ts";
import { oncePerFrame } from "lib/web/page/canvas.ts";
import { byId, setText } from "lib/web/page/element.ts";
import { OverviewCanvas } from "lib/web/page/overview_canvas.ts";
import { RecordingCanvas } from "lib/web/page/recording_canvas.ts";
import { RecordingPanel } from "lib/web/page/recording_panel.ts";
import { RecordingPlayback } from "lib/web/page/recording_playback.ts";
import { followRecordingPointers } from "lib/web/page/recording_pointer.ts";
import { RegionEditor } from "lib/web/page/region_editor.ts";
import { RegionStore } from "lib/web/page/region_store.ts";
import type { Session } from "lib/web/page/session.ts";
import { snapTimes, snapTo } from "lib/web/page/snapping.ts";
import {
  clampRange,
  formatTime,
  panRange,
  rangeAround,
  timeToX,
  type ViewRange,
  xToTime,
  zoomRange,
} from "lib/web/page/view_range.ts";
import { MAX_SNAP_SECONDS } from "lib/web/tile_grid.ts";

const FIRST_VIEW_SECONDS = 30;
const SNAP_PIXELS = 9;

/** A long recording: its overview, a stretch of it in detail, its regions, and playing it. */
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
  #overview: RecordingOverview;
  #candidates: CandidateList["candidates"];
  #view: ViewRange;
  #snaps: { readonly range: ViewRange; readonly times: readonly number[] } | undefined;
  #snapTimer: ReturnType<typeof setTimeout> | undefined;
  #around: ReturnType<typeof setTimeout> | undefined;
  /** Whether boundaries snap. */
  snapping = true;

  constructor(
    session: Session,
    recording: { detail: RecordingDetail; overview: RecordingOverview; candidates: CandidateList },
  ) {
    this.#session = session;
    ({ detail: this.#detail, overview: this.#overview } = recording);
    this.#candidates = recording.candidates.candidates;
    const { duration, id } = this.#detail;
    this.#view = clampRange({ start: 0, end: Math.min(FIRST_VIEW_SECONDS, duration) }, duration);
    this.store = new RegionStore(session, id);
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
          view: this.#view,
          playhead: session.player.position,
          regions: this.editor.regions,
          candidates: this.#candidates,
          events: session.config.events,
        },
      (time) => this.reach(time),
      this.#closed.signal,
    );
    this.playback = new RecordingPlayback(session, this.#detail, {
      view: () => this.#view,
      part: () => this.editor.selection ?? this.editor.chosenRegion,
      onChange: () => this.#changed(),
      onFrame: () => this.#drawMarks(),
      turnPage: () => this.pan(0.9),
      closed: this.closed,
    });
    this.#handle = this.#makeHandle();
    this.#panel = new RecordingPanel(this, session);
    this.#listen();
    session.player.seek(0);
  }

  get detail(): RecordingDetail {
    return this.#detail;
  }

  get view(): ViewRange {
    return this.#view;
  }

  get candidates(): CandidateList["candidates"] {
    return this.#candidates;
  }

  /** Signals that the view was closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  async open(): Promise<void> {
    await this.store.open();
    this.#changed();
    this.setView(this.#view);
    void this.#awaitOverview();
  }

  close(): void {
    void this.editor.settle();
    this.#closed.abort();
    this.#session.player.stop();
    this.#handle.element.remove();
  }

  /** Someone else wrote to the ledger, or the server is back. */
  async reload(): Promise<void> {
    await this.store.reload();
    ({ candidates: this.#candidates } = await getJson<CandidateList>(
      `/api/recordings/${this.#detail.id}/candidates`,
    ));
    this.#changed();
  }

  /** Shows a stretch. */
  setView(view: ViewRange): void {
    this.#view = clampRange(view, this.#detail.duration);
    delete this.#root.dataset["drawn"];
    this.#drawSoon();
    clearTimeout(this.#snapTimer);
    this.#snapTimer = setTimeout(() => void this.#loadSnaps(), 200);
  }

  /** Shows a place, at the zoom that is set, and puts the playhead there. */
  reach(time: number): void {
    const place = Math.min(Math.max(0, time), this.#detail.duration);
    this.#session.player.seek(place);
    this.setView(rangeAround(place, this.#view.end - this.#view.start, this.#detail.duration));
  }

  zoom(factor: number, around = this.#zoomCentre()): void {
    this.setView(zoomRange(this.#view, around, factor, this.#detail.duration));
  }

  pan(share: number): void {
    this.setView(panRange(this.#view, share, this.#detail.duration));
  }

  showAll(): void {
    this.setView({ start: 0, end: this.#detail.duration });
  }

  /** Moves the playhead by a part of the screen, and the view with it where it would leave it. */
  moveHead(share: number): void {
    const length = this.#view.end - this.#view.start;
    const time = Math.min(Math.max(0, this.#session.player.position + share * length), this.#detail.duration);
    this.#session.player.seek(time);
    if (time < this.#view.start || time > this.#view.end) this.reach(time);
    else this.#drawSoon();
  }

  /** Shows and plays the next place to look at; the next one that nobody labelled yet. */
  stepCandidate(direction: -1 | 1): void {
    const here = this.#session.player.position;
    const open = this.#candidates.filter(({ done }) => !done);
    const next = direction === 1
      ? open.find(({ onset }) => onset > here + 0.51)
      : open.findLast(({ onset }) => onset < here - 0.01);
    if (!next) return this.#session.announce("No more candidates in this direction");
    const length = Math.max(4, (next.offset - next.onset) * 3);
    this.setView(rangeAround(next.onset, Math.min(length, this.#detail.duration), this.#detail.duration));
    this.editor.selection = { onset: next.onset, offset: next.offset };
    this.editor.chosen = this.editor.boundary = undefined;
    const score = next.score === undefined ? "" : `, score ${next.score.toFixed(2)}`;
    this.#panel.say(`${next.label} at ${formatTime(next.onset, 1)}${score}: ${next.why}`);
    this.playback.play(Math.max(0, next.onset - 0.5), Math.min(this.#detail.duration, next.offset + 0.5));
  }

  stepBoundary(direction: -1 | 1): void {
    const time = this.editor.stepBoundary(this.#session.player.position, direction);
    if (time === undefined) return this.#session.announce("No boundary in this direction");
    if (time < this.#view.start || time > this.#view.end) {
      this.setView(rangeAround(time, this.#view.end - this.#view.start, this.#detail.duration));
    }
    this.playback.playAround(time);
  }

  /** Moves the chosen boundary and plays around it. */
  nudge(seconds: number): void {
    const { boundary } = this.editor;
    if (!boundary) return;
    this.editor.moveTo(boundary.time + seconds);
    clearTimeout(this.#around);
    this.#around = setTimeout(
      () => this.playback.playAround(this.editor.boundary?.time ?? boundary.time),
      150,
    );
  }

  /** A class's key. */
  press(label: string): void {
    if (this.#session.blocked) return;
    const time = this.#snapped(this.#session.player.position, this.#session.player.playing ? 0 : SNAP_PIXELS);
    this.#run(this.editor.press(label, time));
  }

  remove(): void {
    if (!this.#session.blocked) this.#run(this.editor.remove());
  }

  undo(): void {
    if (this.#session.blocked) return;
    this.#run(
      this.editor.undo().then((around) => {
        if (around !== undefined && (around < this.#view.start || around > this.#view.end)) {
          this.reach(around);
        }
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

  #draw(): void {
    if (this.#root.hidden || this.#closed.signal.aborted || this.#canvas.width === 0) return;
    const complete = this.#canvas.draw(this.#view);
    this.#drawMarks();
    this.#panel.showView();
    if (complete) this.#root.dataset["drawn"] = `${this.#view.start.toFixed(3)}-${this.#view.end.toFixed(3)}`;
  }

  #drawMarks(): void {
    const { editor } = this;
    const playhead = this.#session.player.position;
    const selection = editor.selection ??
      (editor.open ? { ...editor.open, offset: Math.max(editor.open.onset, playhead) } : undefined);
    this.#canvas.drawMarks(this.#view, {
      regions: editor.regions,
      candidates: this.#candidates,
      chosenRegion: editor.chosen,
      selection,
      playhead,
    });
    const { width } = this.#canvas;
    if (editor.boundary) {
      const limits = { duration: this.#detail.duration, width, chosen: true };
      this.#handle.place(timeToX(editor.boundary.time, this.#view, width), editor.boundary.time, limits);
    } else this.#handle.element.hidden = true;
    setText(byId("playhead-time", HTMLElement), formatTime(playhead, 2));
    this.#overviewCanvas.redraw();
  }

  #zoomCentre(): number {
    const { position } = this.#session.player;
    const { start, end } = this.#view;
    return position >= start && position <= end ? position : (start + end) / 2;
  }

  #timeAt(x: number): number {
    const time = xToTime(x, this.#view, this.#canvas.width);
    return Math.min(this.#detail.duration, Math.max(0, time));
  }

  #snapped(time: number, pixels = SNAP_PIXELS): number {
    if (!this.snapping || !this.#snaps || pixels === 0) return time;
    return snapTo(time, this.#snaps.times, pixels * (this.#view.end - this.#view.start) / this.#canvas.width);
  }

  #makeHandle(): BoundaryHandle {
    const handle = new BoundaryHandle("Boundary", {
      drag: (x, event) => this.editor.moveTo(event.altKey ? this.#timeAt(x) : this.#snapped(this.#timeAt(x))),
      dragEnd: () => {
        if (this.editor.boundary) this.playback.playAround(this.editor.boundary.time);
      },
      nudge: (steps, event) => this.nudge(steps * (event.shiftKey ? 0.1 : 0.01)),
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
      xOf: (time) => timeToX(time, this.#view, this.#canvas.width),
      snapped: (time) => this.#snapped(time),
      mayEdit: () => !this.#session.blocked,
      jump: (time) => this.playback.jump(time),
      playAround: (time) => this.playback.playAround(time),
      playPart: () => this.playback.playPart(),
      pan: (share) => this.pan(share),
      zoom: (factor, around) => this.zoom(factor, around),
      redraw: () => this.#changed(),
      closed: signal,
    });
    const observer = new ResizeObserver(this.#drawSoon);
    observer.observe(this.#overlay);
    signal.addEventListener("abort", () => observer.disconnect());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#drawSoon, { signal });
  }

  async #loadSnaps(): Promise<void> {
    const { start, end } = this.#view;
    if (end - start > MAX_SNAP_SECONDS) return void (this.#snaps = undefined);
    try {
      const points = await getJson<SnapPoints>(
        `/api/recordings/${this.#detail.id}/snaps?start=${start.toFixed(3)}&end=${end.toFixed(3)}`,
        this.#closed.signal,
      );
      this.#snaps = { range: { start, end }, times: snapTimes(points) };
    } catch {
      // Without them boundaries stay where they are put.
      this.#snaps = undefined;
    }
  }

  async #awaitOverview(): Promise<void> {
    while (!this.#overview.ready && !this.#closed.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      try {
        this.#overview = await getJson<RecordingOverview>(
          `/api/recordings/${this.#detail.id}/overview`,
          this.#closed.signal,
        );
      } catch {
        continue;
      }
      this.#canvas.renew(this.#overview);
      this.#changed();
    }
  }
}
