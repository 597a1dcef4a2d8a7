import { basename, extname, join, relative } from "node:path";
import { isMediaName } from "lib/base/events/media_name.ts";
import { parseVodId } from "lib/media/platforms/twitch/vod_id.ts";
import { shortHash } from "lib/work/review/label_chains.ts";
import type { FileScope } from "lib/work/review/file_scope.ts";

/** A recording that can be labelled. */
export interface RecordingFile {
  readonly id: string;
  /** As the user knows it. */
  readonly path: string;
  /** What the ledger calls it: the VOD's id, or the path. */
  readonly ledgerName: string;
  /** Other names under which labels of it may stand in the ledger and in found events. */
  readonly names: ReadonlySet<string>;
}

/** Finds recordings by what the ledger calls them. */
export interface RecordingFiles {
  /** Those that were named, and those in the folder of recordings, in this order; sorted. */
  list(): Promise<RecordingFile[]>;
  /** The recording of an id. */
  byId(id: string): Promise<RecordingFile | undefined>;
  /** The file of a recording that the ledger or a search names, if it is at hand and may be read. */
  pathOf(recording: string): Promise<string | undefined>;
}

/**
 * Recordings of the project.
 *
 * @param options `clipName` gives the ledger's name of a file.
 */
export function createRecordingFiles(options: {
  readonly named: readonly string[];
  readonly folder: string;
  readonly scope: FileScope;
  readonly clipName: (path: string) => string;
}): RecordingFiles {
  const { named, folder, scope, clipName } = options;
  let listed: { readonly atMs: number; readonly files: Promise<RecordingFile[]> } | undefined;
  const read = async () => {
    const inFolder: string[] = [];
    try {
      for await (const entry of Deno.readDir(folder)) {
        if (!entry.isDirectory && !entry.name.startsWith(".") && isMediaName(entry.name)) {
          inFolder.push(join(folder, entry.name));
        }
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
    }
    const files: RecordingFile[] = [];
    for (const path of new Set([...named, ...inFolder.sort()])) {
      if (await scope.realFile(path).then(() => true, () => false)) {
        files.push(describe(path, clipName(path)));
      }
    }
    return files;
  };
  const list = () => {
    // Every tile asks for its recording: the folder is read once in a while only.
    const now = performance.now();
    if (listed === undefined || now - listed.atMs > LIST_MS) listed = { atMs: now, files: read() };
    return listed.files;
  };
  return {
    list,
    byId: async (id) => (await list()).find((file) => file.id === id),
    async pathOf(recording) {
      const known = (await list()).find(({ names }) => names.has(recording));
      if (known) return known.path;
      return await scope.realFile(recording).then(() => recording, () => undefined);
    },
  };
}

const LIST_MS = 2_000;

function describe(path: string, clipName: string): RecordingFile {
  const stem = basename(path, extname(path));
  const vodId = /^v?\d{6,}$/.test(stem) ? parseVodId(stem) : undefined;
  const fromHere = relative(Deno.cwd(), path).replaceAll("\\", "/");
  return {
    id: shortHash(`recording ${clipName}`),
    path,
    ledgerName: vodId ?? path.replaceAll("\\", "/"),
    names: new Set(
      // Systems write letters with marks in two ways.
      [path, path.replaceAll("\\", "/"), fromHere, clipName, ...(vodId ? [vodId] : [])]
        .flatMap((name) => [name, name.normalize("NFC"), name.normalize("NFD")]),
    ),
  };
}
