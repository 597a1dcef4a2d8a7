import type {
  CandidateList,
  RecordingDetail,
  RecordingOverview,
  SnapPoints,
} from "lib/web/api_recordings.ts";
import { getJson, RequestRefused, ServerGone } from "lib/web/page/api_client.ts";
import { BoundaryHandle } from "lib/web/page/boundary_handle.ts";
import { oncePerFrame } from "lib/web/page/canvas.ts";
import { byId, setText } from "lib/web/page/element.ts";
import { OverviewCanvas } from "lib/web/page/overview_canvas.ts";
import { followPointers } from "lib/web/page/pointer_drag.ts";
import { RecordingCanvas } from "lib/web/page/recording_canvas.ts";
import { RecordingPanel } from "lib/web/page/recording_panel.ts";
import { regionAt } from "lib/web/page/region_edits.ts";
import { RegionEditor } from "lib/web/page/region_editor.ts";
import { RegionStore } from "lib/web/page/region_store.ts";
import type { Session } from "lib/web/page/session.ts";
import { snapTimes, snapTo } from "lib/web/page/snapping.ts";
import { StretchSource } from "lib/web/page/stretch_source.ts";
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

const AROUND_SECONDS = 0.5;
const FIRST_VIEW_SECONDS = 30;
const GRAB_PIXELS = 7;
const FINGER_GRAB_PIXELS = 16;
const SNAP_PIXELS = 9;

/** A long recording: its overview, a stretch of it in detail, its regions, and playing it. */
export class RecordingView {
  readonly #session: Session;
  readonly #detail: RecordingDetail;
  readonly #source: StretchSource;
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
  #overview: RecordingOverview;
  #candidates: CandidateList["candidates"];
  #view: ViewRange;
  #snaps: { readonly range: ViewRange; readonly times: readonly number[] } | undefined;
  #snapTimer: ReturnType<typeof setTimeout> | undefined;
  #around: ReturnType<typeof setTimeout> | undefined;
  #loop = false;
  /** Whether boundaries snap. */
  snapping = true;

  constructor(
    session: Session,
    recording: { detail: RecordingDetail; overview: RecordingOverview; candidates: CandidateList },
  ) {
    this.#session = session;
    ({ detail: this.#detail, overview: this.#overview } = recording);
    this.#candidates = recording.candidates.candidates;
    const { duration, id, stretchUrl } = this.#detail;
    this.#view = clampRange({ start: 0, end: Math.min(FIRST_VIEW_SECONDS, duration) }, duration);
    this.#source = new StretchSource(session.player.context, stretchUrl, duration);
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
    this.#handle = this.#makeHandle();
    this.#panel = new RecordingPanel(this, session);
    this.#followPointers();
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

  get looping(): boolean {
    return this.#loop;
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

  /** Plays on from the playhead, or stops there. With looping on, plays what is marked round and round. */
  togglePlay(): void {
    const { player } = this.#session;
    if (player.playing) {
      player.stop();
      return this.#changed();
    }
    const part = this.#part();
    if (this.#loop && part) this.#play(part.onset, part.offset, true);
    else {
      const atEnd = player.position >= this.#detail.duration - 0.01;
      this.#play(atEnd ? this.#view.start : player.position, this.#detail.duration, false);
    }
  }

  /** Plays what is marked, once or round and round. */
  playPart(): void {
    const part = this.#part() ?? { onset: this.#view.start, offset: this.#view.end };
    this.#play(part.onset, part.offset, this.#loop);
  }

  toggleLoop(): void {
    this.#loop = !this.#loop;
    if (this.#loop) this.playPart();
    else if (this.#session.player.playing) {
      this.#play(this.#session.player.position, this.#detail.duration, false);
    }
    this.#changed();
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
    this.#play(Math.max(0, next.onset - 0.5), Math.min(this.#detail.duration, next.offset + 0.5), false);
  }

  stepBoundary(direction: -1 | 1): void {
    const time = this.editor.stepBoundary(this.#session.player.position, direction);
    if (time === undefined) return this.#session.announce("No boundary in this direction");
    if (time < this.#view.start || time > this.#view.end) {
      this.setView(rangeAround(time, this.#view.end - this.#view.start, this.#detail.duration));
    }
    this.#playAround(time);
  }

  /** Moves the chosen boundary and plays around it. */
  nudge(seconds: number): void {
    const { boundary } = this.editor;
    if (!boundary) return;
    this.editor.moveTo(boundary.time + seconds);
    clearTimeout(this.#around);
    this.#around = setTimeout(() => this.#playAround(this.editor.boundary?.time ?? boundary.time), 150);
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

  /** Plays from a time to another, drawing the playhead as it goes; the view turns the page. */
  #play(from: number, to: number, loop: boolean): void {
    const { player } = this.#session;
    player.onEnd = (error) => {
      if (error instanceof ServerGone) this.#session.presence.noteGone();
      else if (error) {
        this.#session.problem(`This place cannot be played: ${String((error as Error).message)}`);
      }
      this.#changed();
    };
    player.play({ source: this.#source, from, to, loop });
    const turn = () => {
      if (this.#closed.signal.aborted) return;
      const { position } = player;
      if (!loop && player.playing && position > this.#view.end && position < this.#view.end + 2) {
        this.pan(0.9);
      }
      this.#drawMarks();
      if (player.playing) requestAnimationFrame(turn);
    };
    this.#changed();
    requestAnimationFrame(turn);
  }

  #playAround(time: number): void {
    this.#play(Math.max(0, time - AROUND_SECONDS), time + AROUND_SECONDS, false);
  }

  #part(): { onset: number; offset: number } | undefined {
    return this.editor.selection ?? this.editor.chosenRegion;
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
        if (this.editor.boundary) this.#playAround(this.editor.boundary.time);
      },
      nudge: (steps, event) => this.nudge(steps * (event.shiftKey ? 0.1 : 0.01)),
    });
    byId("recording-stage", HTMLElement).append(handle.element);
    return handle;
  }

  #followPointers(): void {
    const stage = byId("recording-stage", HTMLElement);
    followPointers(this.#overlay, {
      tap: (x) => {
        const time = this.#timeAt(x);
        const { player } = this.#session;
        this.editor.choose(regionAt(this.editor.regions, time));
        if (player.playing) this.#play(time, this.#detail.duration, false);
        else player.seek(time);
        this.#changed();
      },
      drag: (from, event) => {
        const reach = event.pointerType === "mouse" ? GRAB_PIXELS : FINGER_GRAB_PIXELS;
        const near = this.editor.boundaries.find(({ time }) =>
          Math.abs(timeToX(time, this.#view, this.#canvas.width) - from) <= reach
        );
        if (near && !this.#session.blocked) {
          this.editor.boundary = near;
          this.editor.chosen = near.begins ?? near.ends;
          return {
            move: (x, { altKey }) =>
              this.editor.moveTo(altKey ? this.#timeAt(x) : this.#snapped(this.#timeAt(x))),
            end: () => this.editor.boundary && this.#playAround(this.editor.boundary.time),
          };
        }
        // A finger moves the picture, as everywhere; mouse and pen mark.
        if (event.pointerType === "touch") {
          let last = from;
          return {
            move: (x) => {
              this.pan((last - x) / this.#canvas.width);
              last = x;
            },
          };
        }
        const first = this.#snapped(this.#timeAt(from));
        this.editor.cancel();
        return {
          move: (x, { altKey }) => {
            const time = altKey ? this.#timeAt(x) : this.#snapped(this.#timeAt(x));
            this.editor.selection = { onset: Math.min(first, time), offset: Math.max(first, time) };
            this.#drawMarks();
          },
          end: () => {
            const { selection } = this.editor;
            if (selection && selection.offset - selection.onset < 0.02) this.editor.selection = undefined;
            this.#changed();
            if (this.editor.selection) this.playPart();
          },
        };
      },
      pinch: (x, shift, spread) => {
        this.zoom(1 / spread, this.#timeAt(x));
        this.pan(-shift / this.#canvas.width);
      },
    }, { signal: this.#closed.signal });
    stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      const x = event.clientX - stage.getBoundingClientRect().left;
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY)
        ? event.deltaX
        : event.shiftKey
        ? event.deltaY
        : 0;
      if (sideways !== 0) this.pan(sideways / this.#canvas.width);
      else {this.zoom(
          Math.exp(Math.sign(event.deltaY) * Math.min(60, Math.abs(event.deltaY)) / 200),
          this.#timeAt(x),
        );}
    }, { passive: false, signal: this.#closed.signal });
    const observer = new ResizeObserver(this.#drawSoon);
    observer.observe(this.#overlay);
    this.#closed.signal.addEventListener("abort", () => observer.disconnect());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#drawSoon, {
      signal: this.#closed.signal,
    });
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
