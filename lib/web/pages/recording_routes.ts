import { extname } from "node:path";
import type { Hono } from "hono";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import { MAX_BODY_BYTES } from "lib/web/pages/api.ts";
import type { RecordingDetail, RecordingList, RecordingSummary } from "lib/web/pages/api_recordings.ts";
import { regionsSchema } from "lib/web/pages/api_recordings.ts";
import { sendableBytes, sendRange } from "lib/web/pages/byte_range.ts";
import { readFoundEvents } from "lib/work/search/found_events.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import { type Labeler, openById } from "lib/web/pages/labeler.ts";
import { SCALE_MARKS } from "lib/web/pages/mel_picture.ts";
import { PLAYBACK_RATE, readSound } from "lib/web/pages/prepared_clip.ts";
import { listCandidates, listRegions, writeRegions } from "lib/work/review/recording_labels.ts";
import type { OpenRecording } from "lib/web/pages/recording_media.ts";
import { readJson } from "lib/web/pages/request_body.ts";
import { sendableFile } from "lib/web/pages/sendable_file.ts";
import { findSnapPoints } from "lib/work/review/snap_points.ts";
import { highestLevel, MAX_SNAP_SECONDS, MAX_STRETCH_SECONDS, TILE_RATE } from "lib/web/pages/tile_grid.ts";
import { addTileRoutes } from "lib/web/pages/tile_routes.ts";

/** What browsers play, by extension. */
const BROWSER_TYPES: Readonly<Record<string, string>> = {
  ...{
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".flac": "audio/flac",
  },
  ...{ ".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".aac": "audio/aac" },
  ...{ ".webm": "video/webm", ".weba": "audio/webm", ".m4v": "video/mp4", ".m4b": "audio/mp4" },
};
/** Sound on both sides of a part that snapping points are looked for in, as background, in seconds. */
const SNAP_CONTEXT = 3;

/** Answers what the page asks about long recordings. */
export function addRecordingRoutes(app: Hono, labeler: Labeler): void {
  const { ledger, labels, leases, options, scope, work } = labeler;
  const found = () => readFoundEvents(options.foundFolder);

  app.get("/api/recordings", async (c) => {
    const [files, events] = [await labeler.recordings.list(), await found()];
    const recordings = await Promise.all(files.map(async (file): Promise<RecordingSummary> => {
      const { names } = file;
      const { candidates } = await listCandidates(ledger, events, { names, events: options.events });
      const { regions } = await listRegions(labeler, file);
      const about = {
        id: file.id,
        name: file.path.replaceAll("\\", "/").split("/").at(-1)!,
        regions: regions.length,
        candidates: candidates.filter(({ done }) => !done).length,
      };
      try {
        const { duration, sizeBytes } = await labeler.open(file);
        return { ...about, duration, sizeBytes };
      } catch (error) {
        const problem = HttpProblem.of(error);
        if (!problem) throw error;
        return { ...about, sizeBytes: 0, problem: problem.message };
      }
    }));
    return c.json({ recordings } satisfies RecordingList);
  });

  app.get("/api/recordings/:id", async (c) => {
    const recording = await openById(labeler, c.req.param("id"));
    const { file, name, duration, sizeBytes, version } = recording;
    const { id, names } = file;
    const { candidates } = await listCandidates(ledger, await found(), { names, events: options.events });
    const { regions } = await listRegions(labeler, file);
    return c.json(
      {
        id,
        name,
        duration,
        sizeBytes,
        regions: regions.length,
        candidates: candidates.filter(({ done }) => !done).length,
        maxLevel: highestLevel(duration),
        stretchUrl: `/api/recordings/${id}/stretch.wav?start={start}&duration={duration}&v=${version}`,
        ...(typeOf(recording) && { fileUrl: `/api/recordings/${id}/file` }),
        marks: SCALE_MARKS,
      } satisfies RecordingDetail,
    );
  });

  app.get("/api/recordings/:id/stretch.wav", async (c) => {
    const recording = await openById(labeler, c.req.param("id"));
    const start = numberOf(c.req.query("start"), 0, recording.duration);
    const duration = numberOf(c.req.query("duration"), 0.001, MAX_STRETCH_SECONDS);
    const samples = await work.run(() => readSound(recording.path, { start, duration }));
    const bytes = encodeWav(samples, { sampleRate: PLAYBACK_RATE });
    const etag = `"${recording.version}-${start}-${duration}"`;
    const cacheControl = "private, max-age=3600";
    return await sendRange(c.req.raw, sendableBytes(bytes, { type: "audio/wav", etag, cacheControl }));
  });

  app.get("/api/recordings/:id/file", async (c) => {
    const recording = await openById(labeler, c.req.param("id"));
    const type = typeOf(recording);
    if (type === undefined) {
      throw new HttpProblem("not-found", "browsers do not play this file: use stretches");
    }
    return await sendRange(c.req.raw, await sendableFile(await scope.realFile(recording.file.path), type));
  });

  app.get("/api/recordings/:id/regions", async (c) => {
    const { file } = await openById(labeler, c.req.param("id"));
    return c.json(await listRegions(labeler, file));
  });

  app.post("/api/recordings/:id/regions", async (c) => {
    const recording = await openById(labeler, c.req.param("id"));
    const request = await readJson(c.req.raw, regionsSchema, MAX_BODY_BYTES);
    const unknown = request.regions.find(({ label }) => !labeler.labelNames.includes(label));
    if (unknown) throw new HttpProblem("bad-request", `label is one of ${labeler.labelNames.join(", ")}`);
    if (request.regions.some(({ onset }) => onset >= recording.duration)) {
      throw new HttpProblem("bad-request", "a region begins behind the end of the recording");
    }
    if (!request.kept) leases.require(request.client, `recording:${recording.file.id}`);
    return c.json(await writeRegions(recording, labels, request.regions));
  });

  app.get("/api/recordings/:id/snaps", async (c) => {
    const { path, duration } = await openById(labeler, c.req.param("id"));
    const from = numberOf(c.req.query("start"), 0, duration);
    const to = numberOf(c.req.query("end"), from, from + MAX_SNAP_SECONDS);
    const start = Math.max(0, from - SNAP_CONTEXT);
    const window = { start, duration: Math.max(0.1, to + SNAP_CONTEXT - start), sampleRate: TILE_RATE };
    const samples = await work.run(() => readSound(path, window));
    return c.json(findSnapPoints(samples, { sampleRate: TILE_RATE, start, from, to }));
  });

  app.get("/api/recordings/:id/candidates", async (c) => {
    const { file: { names } } = await openById(labeler, c.req.param("id"));
    return c.json(await listCandidates(ledger, await found(), { names, events: options.events }));
  });

  addTileRoutes(app, labeler);
}

/** @throws {HttpProblem} If a text is no number, or one out of range. */
function numberOf(text: string | undefined, min: number, max: number): number {
  const value = text === undefined || text.trim() === "" ? NaN : Number(text);
  if (!(value >= min && value <= max)) {
    throw new HttpProblem("bad-request", `a number from ${min} to ${max} is wanted here`);
  }
  return value;
}

function typeOf({ file }: OpenRecording): string | undefined {
  return BROWSER_TYPES[extname(file.path).toLowerCase()];
}
