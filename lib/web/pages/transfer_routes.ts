import { basename } from "node:path";
import type { Hono } from "hono";
import { EVENT_FORMATS } from "lib/base/events/event_formats.ts";
import { formatLabels, isAbout } from "lib/learning/dataset/export_labels.ts";
import type { ImportConflict } from "lib/learning/dataset/plan_import.ts";
import { undoLabels } from "lib/learning/dataset/undo_labels.ts";
import { MAX_BODY_BYTES } from "lib/web/pages/api.ts";
import type {
  ExportClipsResult,
  ExportFormat,
  ImportResult,
  ImportUndoResult,
} from "lib/web/pages/api_transfer.ts";
import {
  EXPORT_FORMATS,
  exportClipsSchema,
  importSchema,
  importUndoSchema,
  MAX_IMPORT_BYTES,
} from "lib/web/pages/api_transfer.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";
import type { Labeler } from "lib/web/pages/labeler.ts";
import { readJson } from "lib/web/pages/request_body.ts";
import { exportOwnClips } from "lib/work/review/export_own_clips.ts";
import { importLabels, importText, type LabelImportOptions } from "lib/work/review/import_labels.ts";

/** Most lines of a list that the page is told. */
const MAX_LINES = 200;

/** Answers the buttons for import and export. */
export function addTransferRoutes(app: Hono, labeler: Labeler): void {
  const { ledger, labels, options, work, recordings, clock } = labeler;

  app.post("/api/import", async (c) => {
    // Text grows when it is written as JSON.
    const request = await readJson(c.req.raw, importSchema, 2 * MAX_IMPORT_BYTES);
    const complaints: string[] = [];
    // The page knows recordings by their ids, others by what the ledger calls them.
    const chosen = request.recording && await recordings.byId(request.recording);
    const job: LabelImportOptions = {
      ledger,
      options: {
        event: options.events,
        beginsWith: request.beginsWith,
        recording: chosen ? chosen.ledgerName : request.recording,
        clips: options.clipsFolder,
        found: options.foundFolder,
        correct: request.correct,
        dryRun: request.dryRun,
      },
      source: options.by === "" ? { ...labels.source, kind: "import" } : labels.source,
      clock,
      log: { error: (line) => complaints.push(line) },
      signal: labeler.signal,
      recordingPath: recordings.pathOf,
    };
    const { id, added, corrections, known, conflicts } = await orRefused(() =>
      work.run(() => request.file ? importText(request.file, job) : importLabels(undefined, job))
    );
    return c.json(
      {
        import: id,
        added,
        corrections,
        known,
        bad: complaints.slice(0, MAX_LINES),
        conflicts: conflicts.slice(0, MAX_LINES).map(describe),
        revision: await labels.revision(),
      } satisfies ImportResult,
    );
  });

  app.post("/api/import/undo", async (c) => {
    const request = await readJson(c.req.raw, importUndoSchema, MAX_BODY_BYTES);
    const { undos } = await orRefused(() => undoLabels(ledger, { import: request.import }, labels.source));
    return c.json({ undone: undos.length, revision: await labels.revision() } satisfies ImportUndoResult);
  });

  app.get("/api/export", async (c) => {
    const format = c.req.query("format") ?? "";
    if (!isFormat(format)) {
      throw new HttpProblem("bad-request", `format is one of ${EXPORT_FORMATS.join(", ")}`);
    }
    const id = c.req.query("recording");
    const recording = id === undefined ? undefined : await recordings.byId(id);
    if (id !== undefined && !recording) {
      throw new HttpProblem("not-found", "there is no such recording any more");
    }
    const chosen = (await ledger.current()).filter((entry) =>
      isAbout(entry, options.events) && (recording === undefined || recording.names.has(entry.recording))
    );
    // A segments.txt knows one event.
    const events = format === "segments" ? options.events.slice(0, 1) : options.events;
    const text = await orRefused(() =>
      Promise.resolve(formatLabels(chosen, format, events, ledger.clipPath))
    );
    const name = format === "segments" ? "segments.txt" : `labels.${EVENT_FORMATS[format].extension}`;
    return new Response(text, {
      headers: {
        "content-type": "text/plain; charset=utf-8",
        "content-disposition": `attachment; filename="${name}"`,
      },
    });
  });

  app.post("/api/export/clips", async (c) => {
    await readJson(c.req.raw, exportClipsSchema, MAX_BODY_BYTES);
    const results = await work.run(() => exportOwnClips(labeler));
    const counts: Record<string, number> = {};
    for (const { done } of results) counts[done] = (counts[done] ?? 0) + 1;
    const failed = results.filter(({ done }) => done === "failed").slice(0, MAX_LINES)
      .map(({ path, reason }) => `${basename(path)}: ${reason}`);
    return c.json({ counts, failed, revision: await labels.revision() } satisfies ExportClipsResult);
  });
}

/** What people gave and cannot be used is their request's fault. */
async function orRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof RangeError)) throw cause;
    throw new HttpProblem("bad-request", cause.message, undefined, { cause });
  }
}

function describe({ incoming, against }: ImportConflict): string {
  const who = "id" in against ? against.source.kind : "this import";
  return `${incoming.label} for ${incoming.clip ?? incoming.recording} at ${
    incoming.onset.toFixed(2)
  } s, but ${who} ` +
    `says ${against.label} at ${against.onset.toFixed(2)} s`;
}

function isFormat(text: string): text is ExportFormat {
  return EXPORT_FORMATS.some((format) => format === text);
}
