import { join } from "node:path";
import { runToEnd } from "lib/base/system/run_program.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import type { Container } from "tests/marked_media/containers.ts";
import { type Fault, FAULT_TIME } from "tests/marked_media/faults.ts";
import { type Mark, markedPictures, markedSound, PICTURE } from "tests/marked_media/marked_signal.ts";

/** A file that was made, and what is in it. */
export interface Media {
  readonly path: string;
  /** Marks that are in its sound and in its picture, in seconds of its content. */
  readonly sound: readonly Mark[];
  readonly picture: readonly Mark[];
  /** Seconds of its content. */
  readonly seconds: number;
}

const RATE = 48_000;
/** Marks before {@link FAULT_TIME} and after what is wrong, far from where parts begin. */
const BEFORE = [1.2, 4.4, 7.2, 9.6];
const AFTER = [1.6, 5.2, 8.4, 12.4];
const END = 14;

/** Encodes sound, and picture if the container has one, with what is wrong with it. */
export async function makeMedia(
  ffmpeg: string,
  container: Container,
  fault: Fault,
  folder: string,
): Promise<Media> {
  const gap = fault.gap ?? 0;
  const seconds = FAULT_TIME + gap + END;
  // The picture changes at the times of marks.
  const rest = FAULT_TIME + Math.ceil(gap * PICTURE.rate) / PICTURE.rate;
  const all = [...BEFORE, ...AFTER.map((time) => rest + time)].map((time, id) => ({ id, time }));
  const name = `${container.name} ${fault.name}`.replaceAll(/[^a-z0-9]+/gi, "-");
  const path = join(folder, `${name}.${container.extension}`);
  const run = (args: readonly string[]) =>
    runToEnd(ffmpeg, ["-v", "error", "-y", "-nostdin", ...args], { timeoutMs: 120_000 });
  const starts = [0, ...fault.parts ?? []];
  const parts: string[] = [];
  for (const [number, start] of starts.entries()) {
    const part = starts.length === 1 ? path : join(folder, `${name}-${number}.${container.extension}`);
    const end = starts[number + 1] ?? seconds;
    const marks = all.map(({ id, time }) => ({ id, time: time - start }));
    await run(await encoding(container, fault, { folder, marks, seconds: end - start, number, start, part }));
    parts.push(part);
  }
  if (starts.length > 1) {
    using out = await Deno.open(path, { write: true, create: true, truncate: true });
    for (const part of parts) {
      for (let bytes = await Deno.readFile(part); bytes.length > 0;) {
        bytes = bytes.subarray(await out.write(bytes));
      }
      await Deno.remove(part);
    }
  }
  const { lateSound = 0, latePicture = 0, leftOut = 0 } = fault;
  const left = (late: number) => all.filter(({ time }) => time > Math.max(late, leftOut) + 0.1);
  if (leftOut > 0) {
    const whole = `${path}.whole.${container.extension}`;
    await Deno.rename(path, whole);
    await run(["-ss", `${leftOut}`, "-i", whole, "-c", "copy", path]);
    await Deno.remove(whole);
  }
  const shown = (marks: readonly Mark[]) => marks.map(({ id, time }) => ({ id, time: time - leftOut }));
  return {
    path,
    seconds: seconds - leftOut,
    sound: shown(left(lateSound)),
    picture: container.video ? shown(left(latePicture)) : [],
  };
}

/** Arguments of ffmpeg for one part. */
async function encoding(container: Container, fault: Fault, part: {
  readonly folder: string;
  readonly marks: readonly Mark[];
  readonly seconds: number;
  readonly number: number;
  readonly start: number;
  readonly part: string;
}): Promise<string[]> {
  const { folder, marks, seconds, number, start } = part;
  const { lateSound = 0, latePicture = 0, gap = 0, secondTrack = false } = fault;
  const from = (late: number) => marks.map(({ id, time }) => ({ id, time: time - late }));
  const wav = join(folder, "sound.wav");
  const mono = markedSound(from(lateSound), seconds - lateSound, RATE);
  const right = fault.oppositePhase ? -1 : 1;
  const stereo = Float32Array.from(
    { length: 2 * mono.length },
    (_, i) => i % 2 === 0 ? mono[i >> 1]! : right * mono[i >> 1]!,
  );
  await writeWav(wav, stereo, { sampleRate: RATE, channels: 2 });
  const input = [...["-itsoffset", `${lateSound}`, "-i", wav]];
  const silence = join(folder, "silence.wav");
  if (secondTrack) {
    await writeWav(silence, markedSound([], seconds, RATE), { sampleRate: RATE });
    input.push("-i", silence);
  }
  /** Drops the packets of the gap; `pts` counts the container's units, whatever `tb` says. */
  const lost = (unit: number) =>
    `noise=amount=0:drop='between(pts/${unit},${FAULT_TIME}-0.012,${FAULT_TIME}+${gap}-0.012)'`;
  const output = [...secondTrack ? ["-map", "1:a", "-map", "0:a"] : ["-map", "0:a"], ...container.audio];
  if (number % 2 === 1) output.push(...fault.otherSound ?? []);
  if (secondTrack) output.push("-disposition:a:0", "0", "-disposition:a:1", "default");
  if (gap > 0) output.push("-bsf:a", lost(container.units![0]));
  if (container.video) {
    const raw = join(folder, "pictures.raw");
    const skipped = latePicture;
    await Deno.writeFile(raw, markedPictures(from(skipped), seconds - skipped));
    const { rate, width, height } = PICTURE;
    input.push(
      ...["-f", "rawvideo", "-pix_fmt", "gray", "-s", `${width}x${height}`, "-framerate", `${rate}`],
      ...["-itsoffset", `${skipped}`, "-i", raw],
    );
    output.push(
      "-map",
      `${secondTrack ? 2 : 1}:v`,
      ...container.video,
      "-g",
      `${rate}`,
      "-fps_mode",
      "passthrough",
    );
    if (!container.video.includes("-pix_fmt")) output.push("-pix_fmt", "yuv420p");
    if (fault.missing === "everything") output.push("-bsf:v", lost(container.units![1]));
  }
  if (fault.offset !== undefined) output.push("-output_ts_offset", `${fault.offset}`);
  // Some containers begin later than they are told near 0.
  if (fault.goesOn) output.push("-output_ts_offset", `${start + 10}`);
  return [...input, ...output, part.part];
}
