import { basename, join } from "node:path";
import type { Hono } from "hono";
import { EVENT_FORMATS } from "lib/base/events/event_formats.ts";
import { exists } from "lib/base/system/exists.ts";
import { exportClips } from "lib/learning/dataset/export_clips.ts";
import { formatLabels, isAbout } from "lib/learning/dataset/export_labels.ts";
import {
  importClips,
  importFiles,
  type ImportJob,
  importSorted,
} from "lib/learning/dataset/import_labels.ts";
import { createLabelId } from "lib/learning/dataset/label_id.ts";
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
import type { z } from "zod";

/** Most lines of a list that the page is told. */
const MAX_LINES = 200;

/** Answers the buttons for import and export. */
export function addTransferRoutes(app: Hono, labeler: Labeler): void {
  const { ledger, labels, options, work, recordings, scope, clock } = labeler;

  app.post("/api/import", async (c) => {
    // Text grows when it is written as JSON.
    const request = await readJson(c.req.raw, importSchema, 2 * MAX_IMPORT_BYTES);
    const id = createLabelId(clock.now(), crypto.getRandomValues(new Uint8Array(10)));
    const complaints: string[] = [];
    // The page knows recordings by their ids, others by what the ledger calls them.
    const chosen = request.recording && await recordings.byId(request.recording);
    const job: ImportJob = {
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
      provenance: { import: id },
      log: { error: (line) => complaints.push(line) },
      signal: labeler.signal,
      recordingPath: recordings.pathOf,
    };
    const outcomes = await orRefused(() =>
      work.run(async () =>
        request.file
          ? [await importText(request.file, job)]
          : [await importSorted(job), await importClips(job)]
      )
    );
    const sum = (count: (outcome: typeof outcomes[number]) => number) =>
      outcomes.reduce((total, outcome) => total + count(outcome), 0);
    return c.json(
      {
        import: id,
        added: sum(({ add }) => add.length),
        corrections: sum(({ corrections }) => corrections),
        known: sum(({ known }) => known),
        bad: complaints.slice(0, MAX_LINES),
        conflicts: outcomes.flatMap(({ conflicts }) => conflicts).slice(0, MAX_LINES).map(describe),
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
    const current = (await ledger.current()).filter((entry) => isAbout(entry, options.events));
    // A file that was imported may name any clip: those outside of the data folder are not to be copied into it.
    const isOurs = await Promise.all(current.map(async ({ clip }) => {
      const path = clip === undefined ? undefined : ledger.clipPath(clip);
      return path === undefined || !await exists(path) ||
        await scope.realFile(path).then(() => true, () => false);
    }));
    const results = await work.run(async () =>
      await exportClips(ledger, options.clipsFolder, {
        labels: current.filter((_, i) => isOurs[i]),
        recordingPath: recordings.pathOf,
        signal: labeler.signal,
      })
    );
    const counts: Record<string, number> = {};
    for (const { done } of results) counts[done] = (counts[done] ?? 0) + 1;
    const failed = results.filter(({ done }) => done === "failed").slice(0, MAX_LINES)
      .map(({ path, reason }) => `${basename(path)}: ${reason}`);
    return c.json({ counts, failed, revision: await labels.revision() } satisfies ExportClipsResult);
  });
}

/** Imports a file that was sent, by way of a file of its name that nobody else sees. */
async function importText(
  { name, text }: NonNullable<z.output<typeof importSchema>["file"]>,
  job: ImportJob,
): Promise<Awaited<ReturnType<typeof importFiles>>> {
  const folder = await Deno.makeTempDir({ prefix: "label-import-" });
  try {
    const path = join(folder, name.replaceAll(/[^\p{L}\p{N}._-]/gu, "_").replace(/^\.+/, "") || "labels.txt");
    await Deno.writeTextFile(path, text);
    return await importFiles([path], job).catch((error) => {
      if (error instanceof Error) error.message = error.message.replaceAll(path, name);
      throw error;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
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
