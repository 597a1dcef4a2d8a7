import { ServerGone } from "lib/web/browser/api_client.ts";
import type { Session } from "lib/web/browser/session.ts";
import { StretchSource } from "lib/web/browser/stretch_source.ts";
import type { ViewRange } from "lib/web/browser/view_range.ts";

/** What playing needs to know of a view, and tells it. */
interface PlaybackPlace {
  readonly view: () => ViewRange;
  /** What is marked: a selection, or the chosen region. */
  readonly part: () => { readonly onset: number; readonly offset: number } | undefined;
  /** It plays, or no longer does. */
  readonly onChange: () => void;
  /** The playhead moved. */
  readonly onFrame: () => void;
  /** The playhead left the view at its right end. */
  readonly turnPage: () => void;
  readonly closed: AbortSignal;
}

const AROUND_SECONDS = 0.5;

/** Plays a long recording. Nothing rewinds by itself: where it stops, it goes on. */
export class RecordingPlayback {
  readonly #session: Session;
  readonly #source: StretchSource;
  readonly #place: PlaybackPlace;
  #loop = false;

  constructor(
    session: Session,
    recording: { readonly stretchUrl: string; readonly duration: number },
    place: PlaybackPlace,
  ) {
    this.#session = session;
    this.#source = new StretchSource(session.player.context, recording.stretchUrl, recording.duration);
    this.#place = place;
  }

  get looping(): boolean {
    return this.#loop;
  }

  get position(): number {
    return this.#session.player.position;
  }

  /** Puts the playhead somewhere, and plays on from there if it played. */
  jump(time: number): void {
    const { player } = this.#session;
    if (player.playing) this.play(time, this.#source.duration);
    else player.seek(time);
    this.#place.onChange();
  }

  /** Plays on from the playhead, or stops there. With looping on, plays what is marked round and round. */
  toggle(): void {
    const { player } = this.#session;
    if (player.playing) {
      player.stop();
      return this.#place.onChange();
    }
    const part = this.#place.part();
    if (this.#loop && part) return this.play(part.onset, part.offset, true);
    const atEnd = player.position >= this.#source.duration - 0.01;
    this.play(atEnd ? this.#place.view().start : player.position, this.#source.duration);
  }

  /** Plays what is marked, or else what is in view, once or round and round. */
  playPart(): void {
    const { start, end } = this.#place.view();
    const { onset, offset } = this.#place.part() ?? { onset: start, offset: end };
    this.play(onset, offset, this.#loop);
  }

  toggleLoop(): void {
    this.#loop = !this.#loop;
    if (this.#loop) this.playPart();
    else if (this.#session.player.playing) this.play(this.position, this.#source.duration);
    this.#place.onChange();
  }

  /** Plays half a second on both sides of a boundary. */
  playAround(time: number): void {
    this.play(Math.max(0, time - AROUND_SECONDS), time + AROUND_SECONDS);
  }

  play(from: number, to: number, loop = false): void {
    const { player } = this.#session;
    player.onEnd = (error) => {
      if (error instanceof ServerGone) this.#session.presence.noteGone();
      else if (error) {
        this.#session.problem(`This place cannot be played: ${String((error as Error).message)}`);
      }
      this.#place.onChange();
    };
    player.play({ source: this.#source, from, to, loop });
    const turn = () => {
      if (this.#place.closed.aborted) return;
      const { end } = this.#place.view();
      const { position, playing } = player;
      // Somebody who looks elsewhere while it plays is left alone.
      if (!loop && playing && position > end && position < end + 2) this.#place.turnPage();
      this.#place.onFrame();
      if (playing) requestAnimationFrame(turn);
    };
    this.#place.onChange();
    requestAnimationFrame(turn);
  }
}
