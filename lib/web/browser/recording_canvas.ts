import { getResponse } from "lib/web/browser/api_client.ts";
import { prepareCanvas, type Surface } from "lib/web/browser/canvas.ts";
import { drawMarks, type Marks } from "lib/web/browser/recording_marks.ts";
import {
  drawFrequencies,
  drawTimeAxis,
  drawWaveform,
  type PeakRun,
  pictureParts,
  waveformGain,
} from "lib/web/browser/sound_picture.ts";
import { TileCache, type TileKey } from "lib/web/browser/tile_cache.ts";
import { coarserTile, levelFor, tileRange, tilesIn } from "lib/web/browser/tile_choice.ts";
import { timeToX, type ViewRange } from "lib/web/browser/view_range.ts";
import type { RecordingDetail, RecordingOverview } from "lib/web/pages/api_recordings.ts";
import { EXACT_LEVELS, TILE_HEIGHT, TILE_WIDTH, tileSeconds } from "lib/web/pages/tile_grid.ts";

/** Draws a span of a long recording: tiles of its spectrogram, its waveform, and what is marked on it. */
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
    drawMarks(prepareCanvas(this.#overlay), range, { ...marks, events: this.#events });
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
}
