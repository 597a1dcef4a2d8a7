import { Parser } from "m3u8-parser";
import { z } from "zod";

const ByteRange = z.object({ offset: z.number().int().nonnegative(), length: z.number().int().positive() });

/** What we use of the parser's result; it has no types of its own and checks little. */
const Manifest = z.object({
  endList: z.boolean().optional(),
  targetDuration: z.number().positive().optional(),
  mediaSequence: z.number().int().nonnegative().optional(),
  discontinuitySequence: z.number().int().nonnegative().optional(),
  playlistType: z.string().optional(),
  dateRanges: z.array(z.record(z.string(), z.unknown())).default([]),
  segments: z.array(z.object({
    uri: z.string().min(1),
    duration: z.number().nonnegative(),
    title: z.string().optional(),
    discontinuity: z.boolean().optional(),
    timeline: z.number().int().optional(),
    byterange: ByteRange.optional(),
    map: z.object({ uri: z.string().min(1), byterange: ByteRange.optional() }).optional(),
    key: z.unknown().optional(),
    programDateTime: z.number().optional(),
  })).default([]),
  playlists: z.array(z.object({
    uri: z.string().min(1),
    attributes: z.object({
      BANDWIDTH: z.number().nonnegative().optional(),
      CODECS: z.string().optional(),
      VIDEO: z.string().optional(),
      "FRAME-RATE": z.number().optional(),
      RESOLUTION: z.object({ width: z.number(), height: z.number() }).optional(),
    }).default({}),
  })).optional(),
  mediaGroups: z.object({
    VIDEO: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  }).optional(),
});

/** A playlist as the parser understood it, with the tag that Twitch adds. */
export interface HlsManifest extends z.infer<typeof Manifest> {
  /** Segments announced before they are complete (`EXT-X-TWITCH-PREFETCH`). */
  readonly prefetch: readonly string[];
}

/**
 * Parses an HLS playlist of either kind.
 * @throws {SyntaxError} if the text is no playlist.
 */
export function parseHls(text: string): HlsManifest {
  // The parser accepts any text and finds nothing in it.
  if (!text.replace(/^\uFEFF/, "").startsWith("#EXTM3U")) {
    throw new SyntaxError("the answer is no HLS playlist");
  }
  const prefetch: string[] = [];
  const parser = new Parser();
  const expression = /^#EXT-X-TWITCH-PREFETCH:/;
  parser.addParser({
    expression,
    customType: expression.source,
    dataParser: (line: string) => prefetch.push(line.slice(line.indexOf(":") + 1).trim()),
  });
  parser.push(text);
  parser.end();
  const parsed = Manifest.safeParse(parser.manifest as unknown);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new SyntaxError(`the HLS playlist is damaged (${path.join(".")}: ${message})`, {
      cause: parsed.error,
    });
  }
  return { ...parsed.data, prefetch };
}

/**
 * Address of a playlist's entry, seen from the playlist's own.
 * @throws {SyntaxError} for anything but http and https, which a playlist from outside has no business to name.
 */
export function resolveEntry(uri: string, playlistUrl: string): string {
  if (URL.canParse(uri, playlistUrl)) {
    const url = new URL(uri, playlistUrl);
    if (/^https?:$/.test(url.protocol)) return url.href;
  }
  throw new SyntaxError("the HLS playlist names an entry that is no http address");
}
