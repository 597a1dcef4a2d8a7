import { dirname, join } from "node:path";
import { samplesFolders } from "lib/learning/dataset/sample_keeper.ts";
import { findDerivedFiles, removeDerivedFiles } from "lib/work/search/derived_files.ts";
import { defineCommand, runAsMain } from "tasks/command.ts";

/** `deno task clean`: removes what can be made again. */
export const clean = defineCommand({
  name: "clean",
  summary: "says which files can be made again, and removes them with --yes",
  description:
    "Scores, tracks of recordings, what the label page has heard and drawn, and what a killed training left. Clips, " +
    "labels, recordings, found events and models are left alone. `find` keeps tracks within a size of its own " +
    "(--tracks-gb), those that were used last.",
  options: {
    yes: { type: "boolean", short: "y", help: "remove them" },
    data: { type: "string", value: "DIR", path: true, default: "data", help: "folder of your data" },
    tracks: {
      type: "string",
      value: "DIR",
      path: true,
      help: "folder of tracks",
      defaultText: "tracks in --data",
    },
    cache: { type: "string", value: "DIR", path: true, default: ".cache/label", help: "what `label` keeps" },
  },
  examples: [
    ["deno task clean", "what would be removed"],
    ["deno task clean --yes", "remove it"],
  ],
  async run({ options, print, printJson, log }) {
    const { data, cache, tracks = join(data, "tracks") } = options;
    const probe = await Deno.makeTempDir();
    await Deno.remove(probe);
    const samples = await samplesFolders(dirname(probe), Date.now());
    const files = await findDerivedFiles({ data, tracks, cache, samples });
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    if (options.yes) await removeDerivedFiles(files);
    for (const { path, what, bytes } of files) print(`${megabytes(bytes).padStart(10)}  ${path}  (${what})`);
    printJson({ removed: options.yes, bytes: total, files });
    if (files.length === 0) log.info("there is nothing that could be made again");
    else if (options.yes) log.info(`removed ${megabytes(total)}`);
    else log.info(`${megabytes(total)} can be made again; remove it with: deno task clean --yes`);
  },
});

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

if (import.meta.main) await runAsMain(clean);
