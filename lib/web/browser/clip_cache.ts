import { getJson, getResponse } from "lib/web/browser/api_client.ts";
import type { Answer, ClipHints, ClipItem } from "lib/web/pages/api.ts";

/** A clip that is ready to be seen and heard. */
export interface LoadedClip {
  readonly item: ClipItem;
  readonly sound: AudioBuffer;
  readonly picture: ImageBitmap;
  /** To be shown only when that biases nobody; undefined if they could not be had. */
  readonly hints: Promise<ClipHints | undefined>;
}

const KEEP = 40;

/** Loads and decodes clips ahead of when they are shown, and keeps the latest for going back. */
export class ClipCache {
  readonly #context: BaseAudioContext;
  readonly #clips = new Map<string, Promise<LoadedClip>>();
  readonly #loaded = new Set<string>();

  constructor(context: BaseAudioContext) {
    this.#context = context;
  }

  /** Whether a clip would show at once. */
  has(id: string): boolean {
    return this.#loaded.has(id);
  }

  /**
   * A clip, which is loaded if it is not there.
   * @throws {ServerGone} If it cannot be loaded now.
   * @throws {RequestRefused} If it cannot be loaded at all.
   */
  get(id: string): Promise<LoadedClip> {
    let clip = this.#clips.get(id);
    if (clip) {
      // The latest used are last, the first are dropped.
      this.#clips.delete(id);
    } else {
      clip = this.#load(id);
      clip.then(() => this.#loaded.add(id), () => this.#clips.delete(id));
    }
    this.#clips.set(id, clip);
    for (const old of this.#clips.keys()) {
      if (this.#clips.size <= KEEP) break;
      this.#clips.delete(old);
      this.#loaded.delete(old);
    }
    return clip;
  }

  /** Notes what a person says of a clip now, for when it is shown again. */
  async note(id: string, answer: Answer | undefined): Promise<void> {
    const clip = await this.#clips.get(id)?.catch(() => undefined);
    if (!clip) return;
    const { answer: _before, ...item } = clip.item;
    this.#clips.set(id, Promise.resolve({ ...clip, item: answer ? { ...item, answer } : item }));
  }

  /** Loads clips that come next, one after another so that the first is there soonest, and tells of each. */
  async prefetch(ids: readonly string[], onLoaded: () => void): Promise<void> {
    for (const id of ids) {
      await this.get(id).catch(() => undefined);
      onLoaded();
    }
  }

  async #load(id: string): Promise<LoadedClip> {
    const item = await getJson<ClipItem>(`/api/clips/${id}`);
    const hints = getJson<ClipHints>(`/api/clips/${id}/hints`).catch(() => undefined);
    const [sound, picture] = await Promise.all([
      getResponse(item.audioUrl).then(async (response) =>
        await this.#context.decodeAudioData(await response.arrayBuffer())
      ),
      getResponse(item.spectrogram.url).then(async (response) =>
        await createImageBitmap(await response.blob())
      ),
    ]);
    return { item, sound, picture, hints };
  }
}
