import type { Hono } from "hono";
import type { RecordingOverview } from "lib/web/pages/api_recordings.ts";
import { sendableBytes, sendRange } from "lib/web/pages/byte_range.ts";
import { readFoundEvents } from "lib/work/search/found_events.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import { type Labeler, openById } from "lib/web/pages/labeler.ts";
import type { OpenRecording } from "lib/web/pages/recording_media.ts";
import {
  exactPeaks,
  exactTile,
  sampledLooks,
  sampledPeaks,
  sampledTile,
  summaryPeaks,
  summaryTile,
  type TilePlace,
} from "lib/web/pages/recording_tiles.ts";
import { scoreTimeline } from "lib/work/review/score_timeline.ts";
import { EXACT_LEVELS, highestLevel, PEAK_BINS, tileSeconds } from "lib/web/pages/tile_grid.ts";

/** Pairs of peaks, and bins of scores, of an overview. */
const OVERVIEW_BINS = 2000;
/** Changes when tiles are made otherwise, so that kept ones are not shown any more. */
const TILE_VERSION = 1;

/** Answers what the page asks of overviews, tiles and peaks. */
export function addTileRoutes(app: Hono, labeler: Labeler): void {
  const { cache, summaries, work, options } = labeler;

  app.get("/api/recordings/:id/overview", async (c) => {
    const recording = await openById(labeler, c.req.param("id"));
    const { file: { id, names }, duration } = recording;
    const job = summaries(recording);
    const { summary, done, problem } = job;
    const version = `${recording.version}-${TILE_VERSION}${summary ? "r" : ""}`;
    const whole = { start: 0, seconds: duration };
    const scores = await scoreTimeline(await readFoundEvents(options.foundFolder), {
      names,
      duration,
      bins: OVERVIEW_BINS,
    });
    return c.json(
      {
        // What cannot be read to its end is not waited for.
        ready: summary !== undefined || problem !== undefined,
        done,
        tileUrl: `/api/recordings/${id}/tiles/{level}/{index}.png?v=${version}`,
        peaksUrl: `/api/recordings/${id}/peaks/{level}/{index}?v=${version}`,
        peaks: summary
          ? [...summaryPeaks(summary, { ...whole, bins: OVERVIEW_BINS })]
          : recording.isWav
          ? sampledPeaks(await work.run(() => sampledLooks(recording, whole)), OVERVIEW_BINS)
          : [],
        ...(scores && { scores }),
      } satisfies RecordingOverview,
    );
  });

  app.get("/api/recordings/:id/tiles/:level/:file", async (c) => {
    const recording = await openById(labeler, c.req.param("id"));
    const index = /^(\d{1,9})\.png$/.exec(c.req.param("file"))?.[1];
    const place = tilePlace(recording, c.req.param("level"), index);
    const send = tileSender(c.req.raw, recording, place, "image/png");
    if (place.level <= EXACT_LEVELS) {
      const key = cacheKey("tile", recording, place);
      return await send(await cache.get(key, () => work.run(() => exactTile(recording, place))));
    }
    const { summary } = summaries(recording);
    if (summary) return await send(await summaryTile(recording, summary, place));
    const tile = await sampledTile(recording, await looks(recording, place));
    return await send(tile, { isSampled: true });
  });

  app.get("/api/recordings/:id/peaks/:level/:index", async (c) => {
    const recording = await openById(labeler, c.req.param("id"));
    const place = tilePlace(recording, c.req.param("level"), c.req.param("index"));
    const send = tileSender(c.req.raw, recording, place, "application/octet-stream");
    if (place.level <= EXACT_LEVELS) {
      const key = cacheKey("peaks", recording, place);
      return await send(await cache.get(key, () => work.run(() => exactPeaks(recording, place))));
    }
    const { summary } = summaries(recording);
    const seconds = tileSeconds(place.level);
    if (summary) {
      const peaks = summaryPeaks(summary, { start: place.index * seconds, seconds, bins: PEAK_BINS });
      return await send(new Uint8Array(peaks.buffer));
    }
    const sampled = sampledPeaks(await looks(recording, place), PEAK_BINS);
    return await send(Uint8Array.from(sampled, (value) => value & 0xff), { isSampled: true });
  });

  const looks = async (recording: OpenRecording, { level, index }: TilePlace) => {
    if (!recording.isWav) throw new HttpProblem("busy", "the recording is still being read through");
    const seconds = tileSeconds(level);
    return await work.run(() => sampledLooks(recording, { start: index * seconds, seconds }));
  };
}

function tileSender(
  request: Request,
  { version }: OpenRecording,
  { level, index }: TilePlace,
  type: string,
): (bytes: Uint8Array, options?: { readonly isSampled: boolean }) => Promise<Response> {
  return (bytes, { isSampled } = { isSampled: false }) =>
    sendRange(
      request,
      sendableBytes(Uint8Array.from(bytes), {
        type,
        etag: `"${version}-${TILE_VERSION}-${level}-${index}${isSampled ? "-s" : ""}"`,
        cacheControl: isSampled ? "no-store" : "private, max-age=31536000, immutable",
      }),
    );
}

function cacheKey(
  what: string,
  { file: { id }, version }: OpenRecording,
  { level, index }: TilePlace,
): string {
  return `${what} ${TILE_VERSION} ${id} ${version} ${level} ${index}`;
}

function tilePlace({ duration }: OpenRecording, level: string, index: string | undefined): TilePlace {
  const place = { level: Number(level), index: Number(index) };
  const isThere = /^\d{1,2}$/.test(level) && /^\d{1,9}$/.test(index ?? "") &&
    place.level <= highestLevel(duration) && place.index * tileSeconds(place.level) < duration;
  if (!isThere) throw new HttpProblem("not-found", "the recording has no such tile");
  return place;
}
