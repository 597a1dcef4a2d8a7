import { basename } from "node:path";
import { distil, type DistilCheckpoint, type DistilConfig } from "lib/learning/distil/distil.ts";
import { readDistilCheckpoint, writeDistilCheckpoint } from "lib/learning/distil/distil_checkpoint.ts";
import { batchOf, lessonStatistics } from "lib/learning/distil/lesson_batches.ts";
import {
  askTeacher,
  type LessonWindows,
  openWindowStore,
  windowShape,
} from "lib/learning/distil/lesson_windows.ts";
import { gatherSounds } from "lib/learning/distil/sound_groups.ts";
import { stagesOfWidth, type StudentSizes } from "lib/learning/distil/student.ts";
import { meanCorrelation } from "lib/learning/distil/student_figures.ts";
import { studentPackage } from "lib/learning/distil/student_package.ts";
import { openTeacher } from "lib/learning/distil/teacher.ts";
import { writePackage } from "lib/learning/model_package/write_package.ts";
import { type EngineName, loadEngine } from "lib/learning/train/engine.ts";
import { unwrittenPackage } from "lib/learning/train/package_content.ts";
import { verifyExport } from "lib/learning/train/verify_export.ts";
import type { CommandContext } from "tasks/command.ts";
import { loadClips } from "tasks/train/load_clips.ts";

/** A distillation as the command starts it. */
interface DistillationRun {
  readonly sounds: readonly string[];
  readonly burps: number;
  readonly synthetic: number;
  readonly spoken: number;
  readonly teacher: string;
  readonly width: number;
  readonly config: DistilConfig;
  /** A new folder. */
  readonly output: string;
  readonly notes?: string | undefined;
  readonly engine?: EngineName | undefined;
  readonly resume?: boolean | undefined;
}

function unlessNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Teaches a network with a bar and a line an epoch, writes its package, and prints its folder. */
export async function runDistillation(
  run: DistillationRun,
  { log, progress, print, printJson, signal }: Pick<
    CommandContext<Record<never, never>>,
    "log" | "progress" | "print" | "printJson" | "signal"
  >,
): Promise<void> {
  const { config, output } = run;
  const { seed } = config;
  const teacher = await openTeacher(run.teacher);
  const { features: { sampleRate, nMels }, classes, channels } = teacher;
  const sizes: StudentSizes = { nMels, stages: stagesOfWidth(run.width), classes: classes.length, channels };
  const recordings = await loadClips(run.sounds, { log, signal, sampleRate, called: "recordings" });
  const folder = `${output}.heard`;
  // What another run kept may be of other sounds, or heard by another teacher.
  if (!run.resume) await Deno.remove(folder, { recursive: true }).catch(unlessNotFound);
  const groups = await gatherSounds(recordings, {
    seed,
    sampleRate,
    burps: run.burps,
    others: run.synthetic,
    spoken: run.spoken,
    signal,
    folder,
    onProgress: (what) => log.info(what),
  });
  const make = (part: number | "held"): Promise<LessonWindows> =>
    askTeacher(teacher, part === "held" ? groups.held : groups.train, {
      count: config.partWindows,
      seed: `${seed}/windows/${part}`,
      signal,
    });
  const windows = openWindowStore(folder, teacher, { windows: config.partWindows, make });
  const held = await windows.load("held");

  const engine = await loadEngine(run.engine);
  for (const reason of engine.reasons) log.info(`not used: ${reason}`);
  log.info(`learning with the ${engine.name} engine`);
  const checkpointPath = `${output}.checkpoint`;
  // With other numbers of steps or parts, it goes on as if these had been meant from the beginning.
  const owner = JSON.stringify([
    { ...config, steps: undefined, parts: undefined },
    sizes,
    teacher.sha256,
    [run.sounds, run.burps, run.synthetic, run.spoken],
  ]);
  const from = run.resume ? await readDistilCheckpoint(checkpointPath, owner) : undefined;
  if (from && from.step >= config.steps) {
    throw new RangeError(`${checkpointPath} is at step ${from.step} already: resume with more --steps`);
  }
  const bar = await progress.start("learning", config.steps);
  let last: DistilCheckpoint | undefined;
  const learning = distil({
    engine,
    teacher,
    sizes,
    config,
    windows,
    held,
    from,
    signal,
    now: () => Date.now(),
    onStep: ({ step, loss }) => bar.update(step, `loss ${loss.toFixed(3)}`),
  });
  for await (last of learning) {
    await writeDistilCheckpoint(checkpointPath, last, owner);
    const { step, loss, figures, seconds } = last;
    const burp = figures.correlations[classes.indexOf("burp")];
    log.info(
      `step ${step}/${config.steps}: loss ${loss.toFixed(3)}; held back: embedding error ` +
        `${figures.embeddingError.toFixed(3)}, correlation ${meanCorrelation(figures).toFixed(3)}` +
        `${burp === undefined ? "" : `, of burps ${burp.toFixed(3)}`}; ${seconds.toFixed(0)} s`,
    );
  }
  bar.stop();
  if (!last) return;
  const { figures, step: steps, seconds } = last;
  const { content, architecture, weights } = studentPackage({
    name: basename(output),
    teacher,
    sizes,
    config,
    groups: groups.train,
    figures,
    steps,
    seconds,
    engine: engine.name,
    notes: run.notes === undefined ? undefined : await Deno.readTextFile(run.notes),
  }, last.weights);
  const shape = { ...windowShape(teacher), M: nMels, classes: sizes.classes, channels };
  const some = batchOf(held, [0, 1, 2, 3], { shape, statistics: lessonStatistics(held, shape) });
  const difference = await verifyExport(engine.tf, {
    model: unwrittenPackage(output, content),
    architecture,
    networks: [weights],
    batches: [some],
  });
  log.info(`ONNX scores equal the learnt ones to ${difference.toExponential(1)}`);
  const manifest = await writePackage(output, content);
  await Deno.remove(checkpointPath);
  await Deno.remove(folder, { recursive: true });
  print(output);
  printJson({ model: output, manifest });
}
