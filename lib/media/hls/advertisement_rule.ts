import type { MediaPlaylist, MediaSegment } from "lib/media/hls/media_playlist.ts";

/** What is looked at of a segment. */
export interface SegmentSigns extends Pick<MediaSegment, "title" | "duration"> {
  /** The broadcaster's clock at its start, in milliseconds since 1970. */
  readonly wallClockMs?: number | undefined;
}

/** What is looked at of the playlist that it stands in. */
export type PlaylistSigns = Pick<MediaPlaylist, "dateRanges">;

/** Decides whether a segment is an advertisement that was put into the stream. */
export type AdvertisementRule = (segment: SegmentSigns, playlist: PlaylistSigns) => boolean;
