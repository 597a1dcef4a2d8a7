import { stretchTime } from "lib/web/browser/time_stretch.ts";

/** Sound that is played in pieces. */
export interface SoundSource {
  /** In seconds. */
  readonly duration: number;
  /** The piece that a time lies in, and where it starts. */
  pieceAt(time: number): Promise<{ readonly start: number; readonly buffer: AudioBuffer }>;
}

/** What is played, and how. */
interface PlayRequest {
  readonly source: SoundSource;
  /** In seconds. */
  readonly from: number;
  readonly to: number;
  /** Starts again at `from` when `to` is reached, until it is told to stop. */
  readonly loop?: boolean;
}

/** A piece that was handed to the sound card: from when to when it sounds, and what of the source. */
interface Scheduled {
  readonly node: AudioBufferSourceNode;
  readonly when: number;
  readonly until: number;
  readonly from: number;
  readonly speed: number;
}

/** The speeds that can be chosen; pitch stays. */
const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2] as const;

const AHEAD_SECONDS = 1.5;
const SLOW_PIECE_SECONDS = 4;
const FADE_SECONDS = 0.004;

/**
 * Plays spans of sound exactly from one sample to another, slower or faster at the same pitch. Nothing rewinds by itself:
 * after the end, the position stays there.
 */
export class Player {
  readonly context: AudioContext = new AudioContext({ latencyHint: "interactive" });
  /** Called when a request has been played to its end, or could not be. */
  onEnd: (error?: unknown) => void = () => {};
  #gain: GainNode | undefined;
  #scheduled: Scheduled[] = [];
  #request: PlayRequest | undefined;
  #position = 0;
  #speed = 1;
  #turn = 0;

  get playing(): boolean {
    return this.#request !== undefined;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Where it is, in seconds of the source. */
  get position(): number {
    const now = this.context.currentTime;
    const current = this.#scheduled.findLast(({ when }) => when <= now);
    if (current) {
      this.#position = current.from + (Math.min(now, current.until) - current.when) * current.speed;
    }
    return this.#position;
  }

  /** Puts the position somewhere; stops. */
  seek(time: number): void {
    this.stop();
    this.#position = time;
  }

  /** Steps to the next slower or faster speed, at once. */
  changeSpeed(direction: -1 | 1): number {
    const index = SPEEDS.findIndex((speed) => speed === this.#speed);
    this.setSpeed(SPEEDS[index + direction] ?? this.#speed);
    return this.#speed;
  }

  setSpeed(speed: number): void {
    if (speed === this.#speed) return;
    const [position, request] = [this.position, this.#request];
    this.#speed = speed;
    if (request) this.#start(request, position);
  }

  play(request: PlayRequest): void {
    this.#start(request, request.from);
  }

  /** Stops where it is. */
  stop(): void {
    const position = this.position;
    this.#turn++;
    const gain = this.#gain;
    const now = this.context.currentTime;
    // Cut off in the middle of a wave it would click.
    gain?.gain.setTargetAtTime(0, now, FADE_SECONDS / 3);
    for (const { node } of this.#scheduled) node.stop(now + FADE_SECONDS);
    this.#scheduled = [];
    this.#request = undefined;
    this.#position = position;
  }

  #start(request: PlayRequest, from: number): void {
    this.stop();
    this.#position = from;
    this.#request = request;
    this.#gain = this.context.createGain();
    this.#gain.connect(this.context.destination);
    if (this.context.state === "suspended") void this.context.resume();
    const turn = this.#turn;
    this.#schedule(request, from, turn).catch((error) => {
      if (turn !== this.#turn) return;
      this.stop();
      this.onEnd(error);
    });
  }

  async #schedule(request: PlayRequest, from: number, turn: number): Promise<void> {
    const { source, loop = false } = request;
    const to = Math.min(request.to, source.duration);
    let time = Math.min(from, to);
    let when = 0;
    while (loop || time < to - 1e-4) {
      if (loop && time >= to - 1e-4) time = request.from;
      const { start, buffer } = await source.pieceAt(time);
      if (turn !== this.#turn) return;
      const pieceEnd = start + buffer.duration;
      const limit = this.#speed === 1 ? pieceEnd : Math.min(pieceEnd, time + SLOW_PIECE_SECONDS);
      const end = Math.min(to, limit);
      if (end - time < 1e-4) break;
      when = Math.max(when, this.context.currentTime + 0.005);
      // A piece may begin a sample after the time that it was asked for, for its bounds are rounded.
      this.#add(buffer, Math.max(0, time - start), end - time, when, time);
      when += (end - time) / this.#speed;
      time = end;
      while (when - this.context.currentTime > AHEAD_SECONDS) {
        await pause(200);
        if (turn !== this.#turn) return;
      }
    }
    while (this.context.currentTime < when) {
      await pause(Math.min(50, (when - this.context.currentTime) * 1000 + 5));
      if (turn !== this.#turn) return;
    }
    this.#position = to;
    this.#scheduled = [];
    this.#request = undefined;
    this.onEnd();
  }

  #add(buffer: AudioBuffer, offset: number, length: number, when: number, from: number): void {
    const node = this.context.createBufferSource();
    node.connect(this.#gain!);
    if (this.#speed === 1) {
      node.buffer = buffer;
      node.start(when, offset, length);
    } else {
      node.buffer = this.#stretched(buffer, offset, length);
      node.start(when);
    }
    const now = this.context.currentTime;
    this.#scheduled = this.#scheduled.filter(({ until }) => until > now);
    this.#scheduled.push({ node, when, until: when + length / this.#speed, from, speed: this.#speed });
  }

  #stretched(buffer: AudioBuffer, offset: number, length: number): AudioBuffer {
    const first = Math.round(offset * buffer.sampleRate);
    const samples = buffer.getChannelData(0).subarray(first, first + Math.round(length * buffer.sampleRate));
    const stretched = stretchTime(samples, this.#speed, buffer.sampleRate);
    const result = this.context.createBuffer(1, stretched.length, buffer.sampleRate);
    result.copyToChannel(stretched, 0);
    return result;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
