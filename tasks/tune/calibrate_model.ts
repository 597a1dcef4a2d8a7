import { basename } from "node:path";
import { systemClock } from "lib/base/system/clock.ts";
import {
  assessReviews,
  formatReviews,
  readReviewed,
  toCalibration,
} from "lib/learning/evaluate/calibrate.ts";
import { latestOperatingPoint } from "lib/learning/model_package/manifest.ts";
import { readManifest } from "lib/learning/model_package/open_package.ts";
import { addCalibration } from "lib/learning/model_package/write_package.ts";
import { type CommandContext, UsageError } from "tasks/command.ts";
import { answeredEvents } from "tasks/tune/answered_events.ts";
import { savedNote } from "tasks/tune/saved_note.ts";

/** Learns from reviewed events what a score is worth, prints it and keeps it with the model. */
export async function calibrateModel(
  dir: string,
  options: {
    /** A table, or `answers` for those given on the label page. */
    readonly reviewed: string;
    readonly data: string;
    readonly event: readonly string[];
    readonly dryRun: boolean;
  },
  { log, print, printJson }: Pick<CommandContext<Record<never, never>>, "log" | "print" | "printJson">,
): Promise<void> {
  const manifest = await readManifest(dir);
  const [event = manifest.eventNames[0]!, ...more] = options.event;
  if (more.length > 0 || (options.event.length === 0 && manifest.eventNames.length > 1)) {
    throw new UsageError(`--calibrate takes one --event at a time: ${manifest.eventNames.join(", ")}`);
  }
  if (!manifest.eventNames.includes(event)) {
    throw new UsageError(`${dir} does not know "${event}", only ${manifest.eventNames.join(", ")}`);
  }
  // The word is taken for a path, and seen from the folder that the user is in.
  const isAnswers = basename(options.reviewed) === "answers";
  const reviewed = isAnswers
    ? await answeredEvents(options.data, event, manifest.modelSha256)
    : await readReviewed(options.reviewed, event);
  const threshold = latestOperatingPoint(manifest, event)?.threshold ??
    manifest.postprocessing.onsetThreshold;
  const findings = assessReviews(reviewed, threshold);
  const calibration = toCalibration(findings, {
    event,
    on: isAnswers ? "answers on the label page" : basename(options.reviewed),
    at: systemClock.now(),
  });
  if (!options.dryRun) await addCalibration(dir, calibration);
  formatReviews(event, threshold, findings).forEach(print);
  const { precision, reviewsToGo } = findings;
  printJson({ ...calibration, threshold, precision, reviewsToGo, saved: !options.dryRun });
  log.info(options.dryRun ? "nothing was saved (--dry-run)" : savedNote(dir));
}
