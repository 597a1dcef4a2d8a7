import { WINDOW_SECONDS } from "lib/learning/distil/lesson_windows.ts";
import { meanCorrelation } from "lib/learning/distil/student_figures.ts";
import type { StudentFacts } from "lib/learning/distil/student_package.ts";

/** Classes that the table of the card shows, where they were heard. */
const SHOWN = ["burp", "sneeze", "cough", "laugh", "Throat clearing", "Speech", "Snoring", "Music", "Animal"];

/** The model card of a student: who taught it, what it heard, and how near it came. */
export function studentCard(facts: StudentFacts): string {
  const { name, teacher, config, groups, figures, steps, seconds, sizes, engine, notes } = facts;
  const hours = (samples: number): string => (samples / teacher.features.sampleRate / 3600).toFixed(2);
  const rows = groups.map((group) =>
    `| ${group.name || "."} | ${group.sounds.length} | ${
      hours(group.sounds.reduce((sum, { samples }) => sum + samples.length, 0))
    } |`
  );
  const windows = config.parts * config.partWindows;
  const shown = SHOWN.flatMap((event) => {
    const value = figures.correlations[teacher.classes.indexOf(event)];
    return value === undefined ? [] : [`| ${event} | ${value.toFixed(2)} |`];
  });
  const heard = figures.correlations.filter((value) => value !== undefined).length;
  return `# ${name}

A start for other trainings (\`deno task train --base\` and its folder), and a description of sounds; not a detector to use. Its weights are our own: they began as random numbers and learnt to say what
\`${teacher.name}\` says (soft scores of its ${teacher.classes.length} classes, and its ${teacher.channels} values before
the last layer). It is of the listener's kind, with ${
    sizes.stages.at(-1)!.filters
  } channels at the end instead of
${teacher.channels}. Classes that its sounds do not hold, it does not know.

## What it heard

${
    (windows * WINDOW_SECONDS / 3600).toFixed(1)
  } hours, as ${windows} windows of ${WINDOW_SECONDS} seconds that were mixed out of
the sounds below: up to three over noise or another sound, at all levels, in synthetic rooms, through filters, faster and
slower. The counts hold the copies that went through AAC, Opus or MP3 at 12 to 40 kbit/s; one sound in sixteen was held back.

| origin | sounds | hours |
| --- | --- | --- |
${rows.join("\n")}

Spoken numbers are by espeak-ng, in all of its languages.
${notes ? `\n${notes.trim()}\n` : ""}
## Figures

The judge is its teacher: on windows of sounds that were held back, the squared error of what it says of the embedding is
${
    figures.embeddingError.toFixed(3)
  } of its variance; scores of the ${heard} classes that the teacher gives 0.2 somewhere
there correlate by ${meanCorrelation(figures).toFixed(2)} on average.

| class | correlation |
| --- | --- |
${shown.join("\n")}

## Limits

Real sounds are few beside what the teacher had; what neither they nor the synthesiser hold, it describes badly.

Trained with the ${engine} engine, ${steps} steps of ${config.batchSize} windows, ${
    seconds.toFixed(0)
  } seconds, seed ${config.seed}.
`;
}
