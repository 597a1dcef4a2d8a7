import { join } from "node:path";
import { counted } from "lib/base/events/counted.ts";
import { EVENT_FORMATS } from "lib/base/events/event_formats.ts";
import type { FoundEvent } from "lib/base/events/sound_event.ts";
import { createScoreTracks, type ScoreTracks } from "lib/learning/detect/score_tracks.ts";
import {
  createModelSearch,
  describeModels,
  type Search,
  type SearchResult,
} from "lib/learning/detect/search.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { writeFoundFolder } from "lib/work/search/found_folder.ts";
import { type CommandContext, describeError, EXIT_CODES, UsageError } from "tasks/command.ts";
import { plainLine } from "tasks/command/text_width.ts";
import { listenerFolder } from "lib/work/search/choose_models.ts";
import { toFoundEvents } from "tasks/find/found_files.ts";
import type { FIND_OPTIONS } from "tasks/find/options.ts";
import { describeEvent } from "tasks/find/print_for_people.ts";
import { findRecordings, type Recording } from "lib/work/search/recordings.ts";
import { planTargets, type Target } from "lib/work/search/targets.ts";

type Context = CommandContext<typeof FIND_OPTIONS>;

/** Rows of the picture. */
const SHOWN_SOUNDS = 30;
const PAGE_FILE = "heard.html";

/**
 * Says what is heard when in recordings: a table of all sounds of the listener (or of `--model`) on standard output, and a
 * page with a picture beside it in a folder of the output.
 */
export async function tellHeard(
  context: Context,
  openVod: (vodId: string) => Promise<Recording>,
): Promise<number> {
  const { options, positionals, log, progress, printRaw, signal } = context;
  const unused = Object.entries({ like: options.like, sound: options.sound, event: options.event })
    .find(([, value]) => value.length > 0);
  if (unused) throw new UsageError(`--heard looks for all sounds and takes no --${unused[0]}`);
  const folders = options.model.length > 0 ? options.model : [await listenerFolder() ?? ""];
  if (folders[0] === "") throw new UsageError("--heard needs the listener: `deno task setup` gets it");
  const models = await Promise.all(folders.map((folder) => openPackage(folder)));
  const { threshold, threads } = options;
  const search = createModelSearch(models, {
    worker: true,
    ...(threshold === undefined ? {} : { threshold }),
    ...(threads === undefined ? {} : { threads }),
  });
  let failures = 0;
  const fail = (text: string) => {
    failures++;
    log.error(text);
  };
  const recordings = await findRecordings(positionals, {
    ...{ openVod, onError: fail, onNote: log.info },
    track: options.track,
  });
  const targets = await planTargets(recordings, options.output === "-" ? undefined : options.output, "heard");
  const isForPeople = context.isWatched && !options.json && options.format.length === 0;
  let headerDone = false;
  try {
    for (const target of targets) {
      signal.throwIfAborted();
      const bar = await progress.start(target.name, 0, "seconds");
      try {
        const heard = await hear(target, search, context, (seconds, duration) => {
          bar.setTotal(Math.max(seconds, duration ?? 0));
          bar.update(seconds);
        });
        heard.result.warnings.forEach(fail);
        const events = toFoundEvents(target, heard.result.events, {
          ...context.options,
          calibrations: new Map(),
        });
        if (isForPeople) printHeard(target, events, context);
        const format = options.json ? "json" : "csv";
        const text = EVENT_FORMATS[format].write(events, {});
        const lines = text.trimEnd().split(/\r?\n/).slice(format === "csv" && headerDone ? 1 : 0);
        if (!isForPeople) lines.filter((line) => line !== "").forEach(printRaw);
        headerDone = true;
        await keep(target, heard, { text: EVENT_FORMATS.csv.write(events, {}), models, context });
      } catch (error) {
        if (signal.aborted) break;
        fail(`${target.recording}: ${describeError(error, false)[0]?.replace(/^error: /, "")}`);
      } finally {
        bar.stop();
      }
    }
  } finally {
    await search.close();
  }
  signal.throwIfAborted();
  return failures > 0 ? EXIT_CODES.failed : EXIT_CODES.done;
}

/** As people read it: the recording's name once, then each sound with its time. */
function printHeard(target: Target, events: readonly FoundEvent[], { printRaw }: Context): void {
  const lines = [
    `${target.recording}: ${counted(events.length, "sound")}`,
    ...events.map((event) => `  ${describeEvent(event, events)}`),
  ];
  // At once, so that bars beneath are drawn anew only once.
  printRaw(lines.map(plainLine).join("\n"));
}

interface Heard {
  readonly result: SearchResult;
  readonly tracks: ScoreTracks;
  readonly eventNames: readonly string[];
}

async function hear(
  target: Target,
  search: Search,
  { signal, log }: Context,
  onProgress: (seconds: number, duration?: number) => void,
): Promise<Heard> {
  let tracks: ScoreTracks | undefined;
  let names: readonly string[] = [];
  const open: typeof target.input.open = (how) => target.input.open({ onNote: log.info, ...how });
  const input = { ...target.input, open };
  const result = await search.run(input, {
    signal,
    onProgress,
    onScores(scores, eventNames) {
      names = eventNames;
      (tracks ??= createScoreTracks(eventNames.length)).push(scores);
    },
  });
  return { result, tracks: tracks!, eventNames: names };
}

async function keep(
  target: Target,
  { result, tracks, eventNames }: Heard,
  { text, models, context }: {
    readonly text: string;
    readonly models: Parameters<typeof describeModels>[0];
    readonly context: Context;
  },
): Promise<void> {
  const { folder } = target;
  const fingerprint = await target.fingerprint();
  if (folder === undefined || !fingerprint) return;
  const heardFor = new Map<string, number>();
  for (const { label, onset, offset } of result.events) {
    heardFor.set(label, (heardFor.get(label) ?? 0) + offset - onset);
  }
  const sounds = [...heardFor].toSorted((a, b) => b[1] - a[1]).slice(0, SHOWN_SOUNDS).map(([label]) => label);
  const columns = sounds.map((label) => eventNames.indexOf(label));
  const record = {
    recording: target.recording,
    fingerprint,
    search: { kind: "heard", models: describeModels(models), threshold: context.options.threshold ?? null },
    duration: result.duration,
    warnings: [...result.warnings],
    events: [...result.events],
  };
  const page = async (path: string): Promise<void> => {
    const { plotHeardSounds } = await import("lib/show/plots/heard_sounds.ts");
    const { writeFigurePage } = await import("lib/show/report/figure_page.ts");
    const figure = plotHeardSounds({
      recording: target.name,
      sounds,
      frames: tracks.frames,
      grid: result.grid,
      highest: (sound, start, end) => tracks.highest(columns[sound]!, start, end),
    });
    await writeFigurePage(path, {
      title: `Heard in ${target.name}`,
      lead: "What the listener hears when. Zoom by dragging; the table beside this page has the times.",
      figures: sounds.length > 0 ? [figure] : [],
    });
  };
  const files = [{ name: "events.csv", content: text }, { name: PAGE_FILE, content: page }];
  await writeFoundFolder(folder, record as Parameters<typeof writeFoundFolder>[1], files, {
    force: context.options.force,
    signal: context.signal,
  });
  context.log.info(`${target.recording}: ${join(folder, PAGE_FILE)} shows what is heard when`);
}
