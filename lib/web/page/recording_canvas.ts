import type { CandidateList, RecordingDetail, RecordingOverview, Region } from "lib/web/api_recordings.ts";
import { getResponse } from "lib/web/page/api_client.ts";
import { pageColour, prepareCanvas, type Surface } from "lib/web/page/canvas.ts";
import { labelLook, TONE_COLOURS } from "lib/web/page/label_look.ts";
import {
  drawFrequencies,
  drawTimeAxis,
  drawWaveform,
  type PeakRun,
  pictureParts,
  waveformGain,
} from "lib/web/page/sound_picture.ts";
import { TileCache, type TileKey } from "lib/web/page/tile_cache.ts";
import { coarserTile, levelFor, tileRange, tilesIn } from "lib/web/page/tile_choice.ts";
import { timeToX, type ViewRange } from "lib/web/page/view_range.ts";
import { EXACT_LEVELS, TILE_HEIGHT, TILE_WIDTH, tileSeconds } from "lib/web/tile_grid.ts";

/** What is marked on the picture. */
export interface Marks {
  readonly regions: readonly Region[];
  readonly candidates: CandidateList["candidates"];
  readonly chosenRegion?: string | undefined;
  /** Dragged, or begun by a key, and not labelled or ended yet. */
  readonly selection?:
    | { readonly onset: number; readonly offset: number; readonly label?: string }
    | undefined;
  readonly playhead: number;
}

/** Draws a stretch of a long recording: tiles of its spectrogram, its waveform, and what is marked on it. */
export class RecordingCanvas {
  readonly #picture: HTMLCanvasElement;
  readonly #overlay: HTMLCanvasElement;
  readonly #detail: RecordingDetail;
  readonly #events: readonly string[];
  readonly #tiles: TileCache<ImageBitmap>;
  readonly #peaks: TileCache<Int8Array<ArrayBuffer>>;
  #overview: Pick<RecordingOverview, "ready" | "tileUrl" | "peaksUrl">;

  constructor(
    canvases: { picture: HTMLCanvasElement; overlay: HTMLCanvasElement },
    recording: { detail: RecordingDetail; overview: RecordingOverview; events: readonly string[] },
    onTile: () => void,
  ) {
    ({ picture: this.#picture, overlay: this.#overlay } = canvases);
    ({ detail: this.#detail, overview: this.#overview, events: this.#events } = recording);
    const load = (url: string, { level, index }: TileKey, signal: AbortSignal) =>
      getResponse(url.replace("{level}", String(level)).replace("{index}", String(index)), signal);
    this.#tiles = new TileCache({
      load: async (key, signal) =>
        await createImageBitmap(await (await load(this.#overview.tileUrl, key, signal)).blob()),
      dispose: (tile) => tile.close(),
      onTile,
    });
    this.#peaks = new TileCache({
      load: async (key, signal) =>
        new Int8Array(await (await load(this.#overview.peaksUrl, key, signal)).arrayBuffer()),
      onTile,
    });
  }

  /** In CSS pixels. */
  get width(): number {
    return this.#overlay.clientWidth;
  }

  /** There are better tiles now. */
  renew(overview: RecordingOverview): void {
    const { tileUrl, peaksUrl } = this.#overview;
    this.#overview = overview;
    if (overview.tileUrl === tileUrl && overview.peaksUrl === peaksUrl) return;
    // Fine tiles were made of the sound itself already.
    for (const cache of [this.#tiles, this.#peaks]) cache.renew(({ level }) => level > EXACT_LEVELS);
  }

  /** Frees what the tiles hold. */
  close(): void {
    this.#tiles.clear();
    this.#peaks.clear();
  }

  /** Draws a stretch. Returns whether all of it was there: else it calls `onTile` when more is. */
  draw(range: ViewRange): boolean {
    const surface = prepareCanvas(this.#picture);
    const { spectrogram, waveform } = pictureParts(surface.height);
    const { duration, maxLevel, marks } = this.#detail;
    const level = levelFor(range, this.#picture.width, maxLevel);
    const tiles = tilesIn(range, level, duration);
    const coarse = this.#standIns(range, level);
    // Peaks tiles have more columns than pictures.
    const peaksLevel = Math.min(maxLevel, level + 1);
    const peaks = tilesIn(range, peaksLevel, duration);
    this.#tiles.want([...tiles, ...coarse]);
    this.#peaks.want([...peaks, ...this.#standIns(range, peaksLevel)]);

    surface.context.fillStyle = "#000004";
    surface.context.fillRect(0, 0, surface.width, spectrogram);
    surface.context.imageSmoothingEnabled = true;
    for (const key of tiles) this.#drawTile(surface, key, range, spectrogram);
    drawFrequencies(surface, marks, spectrogram);
    const runs = peaks.flatMap((key) => this.#peakRun(key) ?? []);
    drawWaveform(surface, runs, range, {
      top: spectrogram,
      height: waveform,
      gain: waveformGain(runs, range),
    });
    drawTimeAxis(surface, range, spectrogram + waveform);
    return this.#tiles.hasAll(tiles) && this.#peaks.hasAll(peaks);
  }

  /** Draws what is marked. */
  drawMarks(range: ViewRange, marks: Marks): void {
    const surface = prepareCanvas(this.#overlay);
    const { spectrogram, waveform } = pictureParts(surface.height);
    for (const { onset, offset } of marks.candidates) {
      if (offset < range.start || onset > range.end) continue;
      this.#bracket(surface, range, { onset, offset }, spectrogram);
    }
    for (const region of marks.regions) {
      if (region.offset < range.start || region.onset > range.end) continue;
      this.#region(surface, range, region, { spectrogram, waveform }, region.id === marks.chosenRegion);
    }
    const { selection } = marks;
    if (selection) {
      const { context } = surface;
      const [left, right] = [
        timeToX(selection.onset, range, surface.width),
        timeToX(selection.offset, range, surface.width),
      ];
      context.fillStyle = "rgb(255 255 255 / 0.22)";
      context.fillRect(left, 0, right - left, spectrogram);
      context.strokeStyle = "#fff";
      context.lineWidth = 1.5;
      context.setLineDash([5, 3]);
      context.strokeRect(left, 1, right - left, spectrogram - 2);
      context.setLineDash([]);
      if (selection.label) this.#tag(surface, selection.label, left, right, true);
    }
    const head = timeToX(marks.playhead, range, surface.width);
    surface.context.fillStyle = "#fff";
    surface.context.fillRect(head - 1, 0, 2, spectrogram);
    surface.context.fillStyle = pageColour("ink");
    surface.context.fillRect(head - 1, spectrogram, 2, waveform);
  }

  /** Coarser tiles, which are shown where the right ones are missing after a move; only those that cost next to nothing. */
  #standIns(range: ViewRange, level: number): TileKey[] {
    const coarser = Math.min(this.#detail.maxLevel, level + 4);
    const isCheap = this.#overview.ready || coarser <= EXACT_LEVELS;
    return isCheap ? tilesIn(range, coarser, this.#detail.duration) : [];
  }

  /** The peaks of a tile, or that part of a coarser one. */
  #peakRun(key: TileKey): PeakRun | undefined {
    for (let levels = 0; levels <= 6; levels++) {
      const source = coarserTile(key, levels);
      const values = this.#peaks.get(source);
      if (!values) continue;
      const pairs = values.length / 2 / 2 ** levels;
      const first = 2 * pairs * (key.index - source.index * 2 ** levels);
      return { values: values.subarray(first, first + 2 * pairs), ...tileRange(key) };
    }
    return undefined;
  }

  #drawTile({ context, width }: Surface, key: TileKey, range: ViewRange, height: number): void {
    for (let levels = 0; levels <= 6; levels++) {
      const source = coarserTile(key, levels);
      const tile = this.#tiles.get(source);
      if (!tile) continue;
      const [wanted, there] = [tileRange(key), tileRange(source)];
      const scale = TILE_WIDTH / tileSeconds(source.level);
      const left = timeToX(wanted.start, range, width);
      const right = timeToX(wanted.end, range, width);
      context.drawImage(
        tile,
        (wanted.start - there.start) * scale,
        0,
        tileSeconds(key.level) * scale,
        TILE_HEIGHT,
        left,
        0,
        right - left,
        height,
      );
      return;
    }
  }

  #region(
    surface: Surface,
    range: ViewRange,
    region: Region,
    { spectrogram, waveform }: { spectrogram: number; waveform: number },
    chosen: boolean,
  ): void {
    const { context, width } = surface;
    const left = timeToX(region.onset, range, width);
    const right = Math.max(left + 1, timeToX(region.offset, range, width));
    const colour = TONE_COLOURS[labelLook(region.label, this.#events).tone]!;
    context.globalAlpha = chosen ? 0.34 : 0.2;
    context.fillStyle = colour;
    context.fillRect(left, 0, right - left, spectrogram + waveform);
    context.globalAlpha = 1;
    context.fillRect(left, 0, chosen ? 3 : 1.5, spectrogram + waveform);
    context.fillRect(right - (chosen ? 3 : 1.5), 0, chosen ? 3 : 1.5, spectrogram + waveform);
    this.#tag(surface, region.label, left, right, chosen);
  }

  #tag(surface: Surface, label: string, left: number, right: number, chosen: boolean): void {
    const { context, width } = surface;
    const { text, sign, tone } = labelLook(label, this.#events);
    const from = Math.max(0, left);
    const room = Math.min(width, right) - from;
    if (room < 8) return;
    context.save();
    context.beginPath();
    context.rect(from, 0, room, 20);
    context.clip();
    context.font = `${chosen ? "600 " : ""}12px system-ui, sans-serif`;
    context.fillStyle = TONE_COLOURS[tone]!;
    const words = `${sign} ${text}`;
    context.fillRect(from, 0, Math.min(room, context.measureText(words).width + 12), 19);
    context.fillStyle = "#10141a";
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.fillText(words, from + 6, 10);
    context.restore();
  }

  #bracket(
    { context, width }: Surface,
    range: ViewRange,
    { onset, offset }: { onset: number; offset: number },
    bottom: number,
  ): void {
    const left = timeToX(onset, range, width);
    const right = Math.max(left + 3, timeToX(offset, range, width));
    context.strokeStyle = "#fff";
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(left, bottom - 9);
    context.lineTo(left, bottom - 2);
    context.lineTo(right, bottom - 2);
    context.lineTo(right, bottom - 9);
    context.stroke();
  }
}
