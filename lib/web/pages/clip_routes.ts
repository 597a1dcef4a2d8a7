import type { Hono } from "hono";
import { CLIP_SOURCES } from "lib/work/review/answers.ts";
import type { ClipItem, ClipSource, LabelerConfig } from "lib/web/pages/api.ts";
import { answerSchema, heartbeatSchema, MAX_BODY_BYTES, scopeSchema, undoSchema } from "lib/web/pages/api.ts";
import type { HeartbeatAnswer } from "lib/web/pages/api.ts";
import { sendableBytes, sendRange } from "lib/web/pages/byte_range.ts";
import { hintsOf } from "lib/work/review/clip_hints.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import type { Labeler } from "lib/web/pages/labeler.ts";
import { historyOf, roundToMs, toAnswer } from "lib/work/review/review_labels.ts";
import { HEARTBEAT_MS, type Scope } from "lib/work/review/leases.ts";
import { SCALE_MARKS } from "lib/web/pages/mel_picture.ts";
import { prepareClip, type PreparedClip } from "lib/web/pages/prepared_clip.ts";
import { undoRegions } from "lib/work/review/recording_labels.ts";
import { readJson } from "lib/web/pages/request_body.ts";
import type { ReviewItem } from "lib/work/review/review_items.ts";

/** Prepared clips that are kept in memory: the page looks a few ahead, and people go back. */
const KEPT_CLIPS = 48;
const MAX_HISTORY = 1000;

/** Answers what the page asks about clips, tabs and undo. */
export function addClipRoutes(app: Hono, labeler: Labeler): void {
  const { clips, labels, leases } = labeler;
  const prepare = createPreparer(labeler);

  app.get("/api/config", async (c) => c.json(await describeLabeler(labeler)));

  app.post("/api/heartbeat", async (c) => {
    const { client, scope, takeOver, leaving } = await readJson(c.req.raw, heartbeatSchema, MAX_BODY_BYTES);
    if (leaving) leases.leave(client);
    const claim = scope === null || leaving
      ? { lease: "none" as const }
      : leases.claim(client, scope, takeOver);
    const revision = await labels.revision();
    return c.json({ instance: labeler.instance, ...claim, revision } satisfies HeartbeatAnswer);
  });

  app.get("/api/queue", async (c) => {
    const source = c.req.query("source") ?? labeler.options.source;
    if (!isSource(source)) {
      throw new HttpProblem("bad-request", `source is one of ${CLIP_SOURCES.join(", ")}`);
    }
    return c.json(await clips.queue(source));
  });

  app.get("/api/clips/:id", async (c) => {
    const item = await clips.item(c.req.param("id"));
    return c.json(toClipItem(item, await prepare(item)));
  });

  app.get("/api/clips/:id/hints", async (c) => c.json(hintsOf(await clips.item(c.req.param("id")))));

  app.get("/api/clips/:id/audio", async (c) => {
    const item = await clips.item(c.req.param("id"));
    const { wav, version } = await prepare(item);
    return await sendRange(c.req.raw, sendableBytes(wav, { ...cached(version), type: "audio/wav" }));
  });

  app.get("/api/clips/:id/spectrogram.png", async (c) => {
    const { png, version } = await prepare(await clips.item(c.req.param("id")));
    const bytes = sendableBytes(Uint8Array.from(png), { ...cached(version), type: "image/png" });
    return await sendRange(c.req.raw, bytes);
  });

  app.post("/api/answers", async (c) => {
    const request = await readJson(c.req.raw, answerSchema, MAX_BODY_BYTES);
    if (!labeler.labelNames.includes(request.label)) {
      throw new HttpProblem("bad-request", `label is one of ${labeler.labelNames.join(", ")}`);
    }
    if (!request.kept) leases.require(request.client, "clips");
    return c.json(await clips.answer(request));
  });

  app.post("/api/undo", async (c) => {
    const request = await readJson(c.req.raw, undoSchema, MAX_BODY_BYTES);
    if (!request.kept) leases.require(request.client, request.scope);
    return c.json(
      request.scope === "clips"
        ? await clips.undo(request.answers)
        : await undoRegions(labeler, recordingOf(request.scope), request.answers, request),
    );
  });

  app.get("/api/history", async (c) => {
    const scope = scopeSchema.safeParse(c.req.query("scope") ?? "clips");
    const limit = Number(c.req.query("limit") ?? 200);
    if (!scope.success || !(limit >= 1)) throw new HttpProblem("bad-request", "say scope and limit");
    const names = scope.data === "clips"
      ? undefined
      : (await labeler.recordings.byId(recordingOf(scope.data)))?.names;
    const options = { limit: Math.min(MAX_HISTORY, limit), names };
    return c.json(historyOf(await labeler.ledger.entries(), scope.data, options));
  });
}

async function describeLabeler({ options, instance, clips, labelNames }: Labeler): Promise<LabelerConfig> {
  const counts = await clips.counts();
  const all = counts.filter(({ source }) => source !== "unconfirmed");
  const sum = (key: "total" | "left") => all.reduce((total, count) => total + count[key], 0);
  return {
    instance,
    events: options.events,
    labels: labelNames,
    view: options.recordings.length > 0 ? "recordings" : "clips",
    source: options.source,
    sources: [...counts, { source: "queue", total: sum("total"), left: sum("left") }],
    by: options.by,
    ledger: options.ledger,
    heartbeatMs: HEARTBEAT_MS,
  };
}

function toClipItem(item: ReviewItem, clip: PreparedClip): ClipItem {
  const address = `/api/clips/${item.id}`;
  const inClip = (time: number) => roundToMs(Math.max(0, Math.min(clip.duration, time - item.start)));
  return {
    id: item.id,
    audioUrl: `${address}/audio?v=${clip.version}`,
    duration: clip.duration,
    spectrogram: {
      url: `${address}/spectrogram.png?v=${clip.version}`,
      width: clip.width,
      height: clip.height,
      marks: SCALE_MARKS,
    },
    peaks: clip.peaks,
    proposed: { onset: inClip(item.onset), offset: inClip(item.offset) },
    ...(item.answer && { answer: toAnswer(item.answer, item.start) }),
  };
}

function createPreparer({ scope, work }: Labeler): (item: ReviewItem) => Promise<PreparedClip> {
  const kept = new Map<string, Promise<PreparedClip>>();
  return async (item) => {
    const known = kept.get(item.id);
    // Used just now: the last to be dropped.
    kept.delete(item.id);
    const clip = known ?? work.run(() => prepareClip(item, scope));
    kept.set(item.id, clip);
    for (const [oldest] of kept) {
      if (kept.size <= KEPT_CLIPS) break;
      kept.delete(oldest);
    }
    clip.catch(() => kept.delete(item.id));
    return await clip;
  };
}

function cached(version: string): { etag: string; cacheControl: string } {
  return { etag: `"${version}"`, cacheControl: "private, max-age=31536000, immutable" };
}

/** Id of a scope's recording. */
function recordingOf(scope: Scope): string {
  return scope.slice("recording:".length);
}

function isSource(text: string): text is ClipSource {
  return CLIP_SOURCES.some((source) => source === text);
}
