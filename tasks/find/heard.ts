import { counted } from "lib/base/events/counted.ts";
import { type Heard, hearRecording, openEar } from "lib/work/search/hear_recording.ts";
import { findRecordings } from "lib/work/search/recordings.ts";
import { planTargets, type Target } from "lib/work/search/targets.ts";
import { describeError, EXIT_CODES, UsageError } from "tasks/command.ts";
import { plainLine } from "tasks/command/text_width.ts";
import { type FindContext, vodOpener } from "tasks/find/find_vods.ts";
import { describeEvent } from "tasks/find/print_for_people.ts";
import { openTracks } from "tasks/find/open_tracks.ts";
import { createPrinter } from "tasks/find/print_found.ts";

/**
 * Says what is heard when in recordings: a table of all sounds of the listener (or of `--model`) on standard output, and a
 * page with a picture beside it in a folder of the output.
 */
export async function tellHeard(context: FindContext): Promise<number> {
  const { options, positionals, log, progress, signal } = context;
  const unused = Object.entries({ like: options.like, sound: options.sound, event: options.event })
    .find(([, value]) => value.length > 0);
  if (unused) throw new UsageError(`--heard looks for all sounds and takes no --${unused[0]}`);
  const ear = await openEar(options);
  let failures = 0;
  const fail = (text: string) => {
    failures++;
    log.error(text);
  };
  const recordings = await findRecordings(positionals, {
    openVod: vodOpener(context),
    onError: fail,
    onNote: log.info,
    track: options.track,
  });
  const targets = await planTargets(recordings, options.output === "-" ? undefined : options.output, "heard");
  const isForPeople = context.isWatched && !options.json && options.format.length === 0;
  const printEvents = createPrinter(context, "csv", false);
  try {
    for (const target of targets) {
      signal.throwIfAborted();
      const bar = await progress.start(target.name, 0, "seconds");
      try {
        const heard = await hearRecording(target, ear, {
          ...options,
          signal,
          onNote: log.info,
          onProgress(seconds, duration) {
            bar.setTotal(Math.max(seconds, duration ?? 0));
            bar.update(seconds);
          },
        });
        heard.warnings.forEach(fail);
        if (isForPeople) printForPeople(target, heard, context);
        else printEvents(heard);
        const page = await heard.keep({
          force: options.force,
          signal,
          tracks: openTracks(options),
        });
        if (page !== undefined) log.info(`${target.recording}: ${page} shows what is heard when`);
      } catch (error) {
        if (signal.aborted) break;
        fail(`${target.recording}: ${describeError(error, false)[0]?.replace(/^error: /, "")}`);
      } finally {
        bar.stop();
      }
    }
  } finally {
    await ear.search.close();
  }
  signal.throwIfAborted();
  return failures > 0 ? EXIT_CODES.failed : EXIT_CODES.done;
}

/** As people read it: the recording's name once, then each sound with its time. */
function printForPeople({ recording }: Target, { events }: Heard, { printRaw }: FindContext): void {
  const lines = [
    `${recording}: ${counted(events.length, "sound")}`,
    ...events.map((event) => `  ${describeEvent(event, events)}`),
  ];
  // At once, so that bars beneath are drawn anew only once.
  printRaw(lines.map(plainLine).join("\n"));
}
