import { parseHls, resolveEntry } from "lib/media/hls/hls_parser.ts";

/** One of the forms in which a recording or stream is offered. */
export interface Rendition {
  /** Short name, such as `160p30`, `chunked` (the source) or `audio_only`. */
  readonly id: string;
  /** Name for people, such as `160p` or `1080p60 (source)`. */
  readonly name: string;
  /** Address of its media playlist; may be signed, so it is not for logs. */
  readonly url: string;
  /** Bits per second; 0 where unknown. */
  readonly bandwidth: number;
  /** Height of the picture, in pixels. */
  readonly height?: number;
  readonly hasSound: boolean;
  readonly hasPicture: boolean;
}

const SOUND_CODECS = /^\s*(?:mp4a|ac-3|ec-3|opus|flac|mp3|vorbis)/i;
const PICTURE_CODECS = /^\s*(?:avc|hev|hvc|av01|vp0?[89]|mp4v|dvh)/i;

/**
 * Parses a master playlist.
 *
 * @param url Address that it was read from; entries are relative to it.
 * @throws {SyntaxError} if the text is no master playlist.
 */
export function parseMasterPlaylist(text: string, url: string): Rendition[] {
  const manifest = parseHls(text);
  if (!manifest.playlists?.length) throw new SyntaxError("the playlist offers no renditions");
  return manifest.playlists.map(({ uri, attributes }, index) => {
    const { BANDWIDTH: bandwidth = 0, CODECS, VIDEO, RESOLUTION } = attributes;
    const id = VIDEO ?? (RESOLUTION ? `${RESOLUTION.height}p` : `rendition-${index + 1}`);
    const name = Object.keys(manifest.mediaGroups?.VIDEO?.[id] ?? {})[0] ?? id;
    const codecs = CODECS?.split(",");
    const audioOnly = /^audio[_ -]?only$/i.test(id);
    return {
      id,
      name,
      url: resolveEntry(uri, url),
      bandwidth,
      ...(RESOLUTION ? { height: RESOLUTION.height } : {}),
      // A master playlist without codecs is the rule for old VODs, and those have both.
      hasSound: codecs?.some((codec) => SOUND_CODECS.test(codec)) ?? true,
      hasPicture: !audioOnly &&
        (RESOLUTION !== undefined || (codecs?.some((c) => PICTURE_CODECS.test(c)) ?? true)),
    };
  });
}

/** No picture of a stream is higher, in lines; who asks for more has made a slip. */
const HIGHEST = 2160;

/**
 * The rendition for a quality as people name it.
 *
 * - nothing or `lowest`: audio only where offered, else the lowest with sound, since a detector hears no pixels
 * - `audio_only`: the same, since not every VOD offers it
 * - `source`, `best`, `chunked`: the highest
 * - an id or name (`160p30`, `480p`), or a height: the best that is not above it, else the lowest; see {@link explainChoice}
 *
 * @throws {RangeError} naming what is offered, if the quality is none of these or nothing has sound.
 */
export function chooseRendition(renditions: readonly Rendition[], quality = "lowest"): Rendition {
  const byBandwidth = renditions.filter((rendition) => rendition.hasSound)
    .toSorted((a, b) => (a.height ?? 0) - (b.height ?? 0) || a.bandwidth - b.bandwidth);
  const lowest = byBandwidth.find((rendition) => !rendition.hasPicture) ?? byBandwidth[0];
  const highest = byBandwidth.at(-1);
  if (!lowest || !highest) throw new RangeError("The recording is offered in no form with sound");
  const wanted = quality.trim().toLowerCase();
  if (["", "lowest", "worst", "audio_only", "audio-only", "audio"].includes(wanted)) return lowest;
  if (["source", "best", "highest", "chunked"].includes(wanted)) {
    return byBandwidth.find((rendition) => rendition.id === "chunked") ?? highest;
  }
  const named = byBandwidth.find(({ id, name }) =>
    id.toLowerCase() === wanted || name.toLowerCase() === wanted
  );
  if (named) return named;
  const height = Number(/^(\d{2,4})p?(?:\d{2,3})?$/.exec(wanted)?.[1]);
  const withPicture = byBandwidth.filter((rendition) => rendition.height !== undefined);
  if (!(height <= HIGHEST) || withPicture.length === 0) {
    throw new RangeError(
      `There is no quality ${JSON.stringify(quality)}; this recording offers ${offered(byBandwidth)}`,
    );
  }
  return withPicture.findLast((rendition) => rendition.height! <= height) ?? withPicture[0]!;
}

/** Says that a height was asked for and another one is read; nothing where what was asked for is read. */
export function explainChoice(
  renditions: readonly Rendition[],
  quality: string | undefined,
  chosen: Rendition,
): string | undefined {
  const height = /^\d{2,4}(?=p|$)/i.exec(quality?.trim() ?? "")?.[0];
  if (height === undefined || chosen.height === Number(height)) return undefined;
  return `there is no ${quality}: reading ${chosen.name}, of ${offered(renditions)}`;
}

function offered(renditions: readonly Rendition[]): string {
  return renditions.map(({ id }) => id).join(", ");
}
