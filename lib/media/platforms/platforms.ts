import type { AdvertisementRule, PlaylistSigns, SegmentSigns } from "lib/media/hls/advertisement_rule.ts";
import { FOLDER_PLATFORM } from "lib/media/platforms/folder/folder_platform.ts";
import type { LiveChannel, ReachOptions } from "lib/media/platforms/port/live_channel.ts";
import type { TwitchConnection } from "lib/media/platforms/twitch/graphql.ts";
import { TWITCH_PLATFORM } from "lib/media/platforms/twitch/twitch_platform.ts";

/** A recording on a platform: fetched by its id, or in files that are on this machine already. */
export type PlatformRecording =
  | { readonly kind: "vod"; readonly platform: string; readonly id: string; readonly url: string }
  | { readonly kind: "files"; readonly media: string; readonly chat: string | undefined };

/** What listing a channel needs. */
export interface ListOptions {
  /** Connections that are made when they are needed first. */
  readonly connect: { readonly twitch: () => TwitchConnection };
  /** Recordings that began earlier are left out; in milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A channel of a platform, which has not been looked for yet. */
export interface PlatformChannel {
  readonly name: string;
  /**
   * Its recordings, the oldest first.
   * @throws {RequestError} or {Deno.errors.NotFound} if they cannot be listed.
   */
  list(options: ListOptions): Promise<PlatformRecording[]>;
  /** Reaches what it sends and what is written there as it runs; not on platforms that have recordings alone. */
  readonly connect?: (options: ReachOptions) => Promise<LiveChannel>;
}

/** A channel that can be heard while it is live. */
export type ReachableChannel = Pick<Required<PlatformChannel>, "name" | "connect">;

/** Somewhere that recordings are, with their chats. */
export interface Platform {
  readonly name: string;
  /** What its recordings are called, for counts. */
  readonly noun: string;
  /** What a text names there, before it is looked for; nothing where the text is none of its own. */
  recording(text: string): { open(): Promise<PlatformRecording> } | undefined;
  channel(text: string): PlatformChannel | undefined;
  /** Tells the advertisements that it puts into live streams. */
  readonly isAdvertisement?: AdvertisementRule;
}

/** All platforms; the first that knows a text has it. A platform is a folder beside this file and a name here. */
export const PLATFORMS: readonly Platform[] = [FOLDER_PLATFORM, TWITCH_PLATFORM];

/**
 * The recording that a text names on any platform; nothing where it names none.
 *
 * @throws {Deno.errors.NotFound} if it is not there.
 */
export async function findPlatformRecording(text: string): Promise<PlatformRecording | undefined> {
  for (const platform of PLATFORMS) {
    const recording = platform.recording(text);
    if (recording) return await recording.open();
  }
  return undefined;
}

/** The channel that a text names on any platform, and what its recordings are called; nothing where it names none. */
export function findPlatformChannel(
  text: string,
): { readonly channel: PlatformChannel; readonly noun: string } | undefined {
  for (const platform of PLATFORMS) {
    const channel = platform.channel(text);
    if (channel) return { channel, noun: platform.noun };
  }
  return undefined;
}

/** The channel that a text names on a platform with live streams; nothing where it names none. */
export function findLiveChannel(text: string): ReachableChannel | undefined {
  const { name, connect } = findPlatformChannel(text)?.channel ?? {};
  return name === undefined || connect === undefined ? undefined : { name, connect };
}

/** Whether any platform's rule takes a segment for an advertisement: a playlist does not say whose it is. */
export function isAdvertisementAnywhere(segment: SegmentSigns, playlist: PlaylistSigns): boolean {
  return PLATFORMS.some(({ isAdvertisement }) => isAdvertisement?.(segment, playlist));
}
