import { getResponse } from "lib/web/browser/api_client.ts";
import type { SoundSource } from "lib/web/browser/player.ts";

const PIECE_SECONDS = 10;
const KEEP = 12;

/** The sound of a long recording, fetched and decoded ten seconds at a time, the next ten ahead. */
export class StretchSource implements SoundSource {
  readonly duration: number;
  readonly #context: BaseAudioContext;
  readonly #url: string;
  readonly #pieces = new Map<number, Promise<AudioBuffer>>();

  /** @param url With `{start}` and `{duration}` to be replaced. */
  constructor(context: BaseAudioContext, url: string, duration: number) {
    this.#context = context;
    this.#url = url;
    this.duration = duration;
  }

  async pieceAt(time: number): Promise<{ start: number; buffer: AudioBuffer }> {
    // A time at the very end of a piece belongs to the next one.
    const index = Math.floor((time + 1e-4) / PIECE_SECONDS);
    const buffer = await this.#piece(index);
    if ((index + 1) * PIECE_SECONDS < this.duration) this.#piece(index + 1).catch(() => undefined);
    return { start: index * PIECE_SECONDS, buffer };
  }

  #piece(index: number): Promise<AudioBuffer> {
    const known = this.#pieces.get(index);
    if (known) return known;
    const start = index * PIECE_SECONDS;
    const length = Math.min(PIECE_SECONDS, this.duration - start);
    const address = this.#url.replace("{start}", String(start)).replace("{duration}", length.toFixed(6));
    const piece = getResponse(address).then(async (response) =>
      await this.#context.decodeAudioData(await response.arrayBuffer())
    );
    piece.catch(() => this.#pieces.delete(index));
    this.#pieces.set(index, piece);
    for (const old of this.#pieces.keys()) {
      if (this.#pieces.size <= KEEP) break;
      this.#pieces.delete(old);
    }
    return piece;
  }
}
