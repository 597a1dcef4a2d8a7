import type { LiveAccess } from "lib/media/hls/playback_source.ts";
import { findLiveChannel, type ReachableChannel } from "lib/media/platforms/platforms.ts";

/** Where live sound comes from. */
export type LiveSource =
  /** A channel of a platform; `access` finds its playlist, and a new one when the old one is refused. */
  | {
    readonly kind: "channel";
    readonly channel: string;
    readonly access: LiveAccess;
    /** Quality as `chooseRendition` takes it; the lowest with sound by default. */
    readonly quality?: string;
  }
  /** A playlist at an http address, of segments or of renditions. */
  | { readonly kind: "playlist"; readonly url: string; readonly quality?: string }
  /** A recording, heard as if it were live: at its own pace. */
  | { readonly kind: "file"; readonly path: string }
  /** A microphone of this machine; the system's default one unless named. */
  | { readonly kind: "microphone"; readonly device?: string };

/** A source as a user names it, before a channel's access is known. */
export type NamedSource =
  | { readonly kind: "channel"; readonly channel: ReachableChannel }
  | Exclude<LiveSource, { readonly kind: "channel" }>;

/**
 * Reads what a user gave as source: `mic` or `mic:DEVICE`, an http address of a channel or of a playlist, a path, or the
 * name of a channel. Anything that looks like a path (a slash, a dot) is one.
 *
 * @throws {SyntaxError} If it can be none of these.
 */
export function parseLiveSource(text: string): NamedSource {
  const trimmed = text.trim();
  const microphone = /^mic(?:rophone)?(?::(.+))?$/i.exec(trimmed);
  if (microphone) return { kind: "microphone", ...(microphone[1] ? { device: microphone[1] } : {}) };
  const channel = findLiveChannel(trimmed);
  if (channel !== undefined) return { kind: "channel", channel };
  if (/^https?:\/\//i.test(trimmed) && URL.canParse(trimmed)) return { kind: "playlist", url: trimmed };
  if (/[./\\]/.test(trimmed)) return { kind: "file", path: trimmed };
  throw new SyntaxError(
    `${JSON.stringify(text)} is no source: give a channel, the address of a playlist, a file, or mic`,
  );
}
