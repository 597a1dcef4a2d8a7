import { BoundaryHandle } from "lib/web/browser/boundary_handle.ts";
import { oncePerFrame, prepareCanvas } from "lib/web/browser/canvas.ts";
import type { LoadedClip } from "lib/web/browser/clip_cache.ts";
import { drawClip, drawClipMarks } from "lib/web/browser/clip_drawing.ts";
import { byId, setText } from "lib/web/browser/element.ts";
import type { Player, SoundSource } from "lib/web/browser/player.ts";
import { followPointers } from "lib/web/browser/pointer_drag.ts";
import { formatTime, timeToX, type ViewRange, xToTime } from "lib/web/browser/view_range.ts";

/** Where the sound is in a clip, in seconds of the clip. */
interface ClipBounds {
  readonly onset: number;
  readonly offset: number;
}

const SHORTEST_SOUND = 0.02;
/** What an arrow key moves a boundary by, and what it does with Shift. */
export const NUDGE_SECONDS = 0.01;
/** See {@linkcode NUDGE_SECONDS}. */
export const BIG_NUDGE_SECONDS = 0.1;
const AROUND_SECONDS = 0.3;

/** Shows one clip as spectrogram and waveform, plays it, and lets its boundaries be moved. */
export class ClipStage {
  readonly #player: Player;
  readonly #picture = byId("clip-picture", HTMLCanvasElement);
  readonly #overlay = byId("clip-overlay", HTMLCanvasElement);
  readonly #readout = byId("clip-bounds", HTMLElement);
  readonly #handles: readonly [BoundaryHandle, BoundaryHandle];
  readonly #drawAll = oncePerFrame(() => this.draw());
  #clip: LoadedClip | undefined;
  #bounds: ClipBounds = { onset: 0, offset: 0 };
  #chosen: 0 | 1 = 0;
  #loop = false;
  #around: ReturnType<typeof setTimeout> | undefined;

  constructor(player: Player) {
    this.#player = player;
    const stage = byId("clip-stage", HTMLElement);
    this.#handles = [this.#makeHandle(0, "Start of the sound"), this.#makeHandle(1, "End of the sound")];
    stage.append(...this.#handles.map(({ element }) => element));
    followPointers(this.#overlay, {
      tap: (x) => this.playFrom(this.#timeAt(x)),
      drag: (from) => {
        const first = this.#timeAt(from);
        return {
          move: (x) => {
            const [onset = first, offset = first] = [first, this.#timeAt(x)].toSorted((a, b) => a - b);
            if (offset - onset >= SHORTEST_SOUND) this.setBounds({ onset, offset });
          },
          end: () => this.playPart(),
        };
      },
    });
    new ResizeObserver(this.#drawAll).observe(this.#overlay);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#drawAll);
  }

  get bounds(): ClipBounds {
    return this.#bounds;
  }

  get looping(): boolean {
    return this.#loop;
  }

  /** Shows a clip at once and plays it. */
  show(clip: LoadedClip): void {
    this.#clip = clip;
    const { duration, answer, proposed } = clip.item;
    this.#bounds = answer ? { onset: answer.onset, offset: answer.offset } : proposed;
    if (this.#bounds.offset - this.#bounds.onset < SHORTEST_SOUND) {
      this.#bounds = { onset: 0, offset: duration };
    }
    this.#chosen = 0;
    this.#picture.setAttribute(
      "aria-label",
      `Spectrogram and waveform of a clip of ${duration.toFixed(1)} seconds`,
    );
    this.draw();
    if (this.#loop) this.playPart();
    else this.playFrom(0);
  }

  /** Shows nothing. */
  clear(): void {
    this.#clip = undefined;
    this.#player.stop();
    prepareCanvas(this.#picture);
    prepareCanvas(this.#overlay);
    for (const { element } of this.#handles) element.hidden = true;
    setText(this.#readout, "");
  }

  /** Lets the arrow keys move the other boundary. */
  chooseOther(): void {
    this.#choose(this.#chosen === 0 ? 1 : 0);
  }

  playFrom(time: number): void {
    const clip = this.#clip;
    if (clip) this.#play({ onset: time, offset: clip.item.duration }, false);
  }

  playPart(): void {
    this.#play(this.#bounds, this.#loop);
  }

  toggleLoop(): void {
    this.#loop = !this.#loop;
    byId("clip-loop", HTMLButtonElement).setAttribute("aria-pressed", String(this.#loop));
    if (this.#loop) this.playPart();
    else this.#player.stop();
  }

  resetBounds(): void {
    if (this.#clip) this.setBounds(this.#clip.item.proposed);
  }

  /** Moves the chosen boundary and plays around it. */
  nudge(seconds: number): void {
    this.#moveTo(this.#chosen, (this.#chosen === 0 ? this.#bounds.onset : this.#bounds.offset) + seconds);
    clearTimeout(this.#around);
    // A key that is held down moves many times before one wants to hear it.
    this.#around = setTimeout(() => this.#playAround(), 150);
  }

  setBounds(bounds: ClipBounds): void {
    this.#bounds = bounds;
    this.drawOverlay();
  }

  /** Draws everything anew. */
  draw(): void {
    if (!this.#clip || this.#overlay.clientWidth === 0) return;
    drawClip(prepareCanvas(this.#picture), this.#clip);
    this.drawOverlay();
  }

  /** Draws what moves: boundaries and playhead. */
  drawOverlay(): void {
    if (!this.#clip) return;
    const surface = prepareCanvas(this.#overlay);
    const { onset, offset } = this.#bounds;
    const { position } = this.#player;
    this.#overlay.dataset["playhead"] = position.toFixed(3);
    drawClipMarks(surface, this.#clip, { onset, offset, position });
    const { width } = surface;
    const { duration } = this.#clip.item;
    for (const [index, handle] of this.#handles.entries()) {
      const time = index === 0 ? onset : offset;
      const x = timeToX(time, this.#range(), width);
      handle.place(x, time, { duration, width, chosen: this.#chosen === index });
    }
    const seconds = `${(offset - onset).toFixed(2)}\u00a0s`;
    setText(this.#readout, `${formatTime(onset, 2)} to ${formatTime(offset, 2)} · ${seconds}`);
  }

  #range(): ViewRange {
    return { start: 0, end: this.#clip?.item.duration ?? 1 };
  }

  #timeAt(x: number): number {
    const { end } = this.#range();
    return Math.min(end, Math.max(0, xToTime(x, this.#range(), this.#overlay.clientWidth)));
  }

  #makeHandle(index: 0 | 1, name: string): BoundaryHandle {
    return new BoundaryHandle(name, {
      drag: (x) => {
        this.#choose(index);
        this.#moveTo(index, this.#timeAt(x));
      },
      dragEnd: () => this.#playAround(),
      nudge: (steps, event) => {
        this.#choose(index);
        this.nudge(steps * (event.shiftKey ? BIG_NUDGE_SECONDS : NUDGE_SECONDS));
      },
      focus: () => this.#choose(index),
    });
  }

  #choose(index: 0 | 1): void {
    this.#chosen = index;
    this.drawOverlay();
  }

  #moveTo(index: 0 | 1, time: number): void {
    const { onset, offset } = this.#bounds;
    const exact = Math.round(time * 1e6) / 1e6;
    this.setBounds(
      index === 0
        ? { onset: Math.max(0, Math.min(exact, offset - SHORTEST_SOUND)), offset }
        : { onset, offset: Math.min(this.#range().end, Math.max(exact, onset + SHORTEST_SOUND)) },
    );
  }

  #playAround(): void {
    const time = this.#chosen === 0 ? this.#bounds.onset : this.#bounds.offset;
    this.#play({ onset: Math.max(0, time - AROUND_SECONDS), offset: time + AROUND_SECONDS }, false);
  }

  #play({ onset, offset }: ClipBounds, loop: boolean): void {
    const clip = this.#clip;
    if (!clip) return;
    const source: SoundSource = {
      duration: clip.item.duration,
      pieceAt: () => Promise.resolve({ start: 0, buffer: clip.sound }),
    };
    this.#player.play({ source, from: onset, to: offset, loop });
    const turn = () => {
      this.drawOverlay();
      if (this.#player.playing && this.#clip === clip) requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  }
}
