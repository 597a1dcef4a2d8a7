import { measureClip } from "lib/learning/dataset/clip_measures.ts";
import { examineClips } from "lib/learning/dataset/examine_clips.ts";
import type { Finding } from "lib/learning/dataset/finding.ts";
import { defineCommand, runAsMain } from "tasks/command.ts";
import { measureAll } from "tasks/doctor/measure_all.ts";
import { LEDGER_OPTIONS } from "tasks/label/options.ts";
import { planFolders } from "tasks/train/folders.ts";

/** `deno task doctor`: checks what a model is to learn from. */
export const doctor = defineCommand({
  name: "doctor",
  summary: "checks the clips and labels that a model is to learn from",
  description:
    "Looks for one sound in both classes (at any loudness and through any coder), clipping, silence, mixed rates, too " +
    "few recordings, labels that contradict each other, and for shortcuts: whether loudness, bandwidth, length or a " +
    "coder's traces alone tell the classes apart. Compares a split at random with one by recording. Ends with 1 if " +
    "something is wrong, with 0 if there are warnings at most.",
  options: {
    event: { type: "list", value: "NAME", default: ["burp"], help: "sound to learn; several as for train" },
    positives: {
      type: "list",
      path: true,
      value: "DIR",
      help: "clips with the sound, one folder per --event in the same order",
    },
    negatives: { type: "list", path: true, value: "DIR", help: "clips without the sound" },
    groupBy: {
      type: "string",
      value: "REGEX",
      help: "part of a file name that says which recording a clip is from",
    },
    template: {
      type: "string",
      path: true,
      value: "CLIP",
      help: "a clip with the right length and sample rate",
    },
    ledger: LEDGER_OPTIONS.ledger,
    all: { type: "boolean", help: "name all clips of a finding, not the first five" },
  },
  examples: [
    ["deno task doctor", "check data/clips/burp-audio and not-burp-audio"],
    ["deno task doctor --positives burps-audio --negatives not-burps-audio", "check folders of your own"],
  ],
  run: async ({ options, progress, print, printJson, signal }) => {
    const plan = await planFolders(options);
    const { clips, bad } = await measureAll(plan, options, { progress, signal });
    const template = options.template === undefined ? undefined : await measureClip(options.template);
    const { findings, shortcuts, leaks } = await examineClips(clips, bad, {
      events: options.event,
      ledger: options.ledger,
      template,
    });
    for (const finding of findings) {
      formatFinding(finding, options.all ? Infinity : 5).forEach(print);
    }
    const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
    const [errors, warnings] = [count("error"), count("warning")];
    const clipCount = `${clips.length} clip${clips.length === 1 ? "" : "s"}`;
    print(`${clipCount} examined; errors: ${errors}, warnings: ${warnings}`);
    printJson({ clips: clips.length, errors, warnings, findings, shortcuts, leaks });
    return errors > 0 ? 1 : 0;
  },
});

function formatFinding({ level, check, message, clips = [], sets }: Finding, most: number): string[] {
  // What belongs together stands together, on a line each where there are several.
  const lines = sets !== undefined && sets.length > 1 ? sets.map((paths) => paths.join(" = ")) : clips;
  const rest = lines.length - most;
  return [
    `${level.padEnd(7)}  ${check}: ${message}`,
    ...lines.slice(0, most).map((line) => `           ${line}`),
    ...(rest > 0 ? [`           and ${rest} more (--all names them)`] : []),
  ];
}

if (import.meta.main) await runAsMain(doctor);
