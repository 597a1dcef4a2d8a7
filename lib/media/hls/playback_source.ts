import { chooseRendition, explainChoice, type Rendition } from "lib/media/hls/master_playlist.ts";

/** Where the media of a VOD or a stream can be read for the next hours. */
export interface PlaybackSource {
  readonly rendition: Pick<Rendition, "id" | "name">;
  /** Address of the media playlist; it may be signed, so it is not for logs. */
  readonly playlistUrl: string;
  /** Headers that the server wants. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Said where another quality is read than was asked for. */
  readonly choiceNote?: string | undefined;
}

/** What to open, and how. */
export interface OpenOptions {
  /** Quality as {@link chooseRendition} takes it (`VIDEO_QUALITY`); the lowest with sound by default. */
  readonly quality?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A way to the media of recordings. Everything after it (playlists, segments) is the same for all ways. */
export interface VodAccess {
  readonly name: string;
  /** @throws {RequestError} if the VOD cannot be played, and why. */
  openVod(vodId: string, options?: OpenOptions): Promise<PlaybackSource>;
}

/** A way to the media of running streams. */
export interface LiveAccess {
  readonly name: string;
  /** @throws {RequestError} `offline` if the channel is not live, and as for recordings. */
  openLive(channel: string, options?: OpenOptions): Promise<PlaybackSource>;
}

/** The source for a quality. @throws {RangeError} as {@link chooseRendition}. */
export function toPlaybackSource(
  renditions: readonly Rendition[],
  quality: string | undefined,
): PlaybackSource {
  const chosen = chooseRendition(renditions, quality);
  const { id, name, url } = chosen;
  return {
    rendition: { id, name },
    playlistUrl: url,
    choiceNote: explainChoice(renditions, quality, chosen),
  };
}
