import assert from "node:assert/strict";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { cutMp3 } from "lib/media/mp3/cut_mp3.ts";
import { ffmpegMp3Codec } from "lib/media/mp3/ffmpeg_mp3_codec.ts";
import { readMp3Stream } from "lib/media/mp3/mp3_stream.ts";
import { hasProgram } from "tests/requirements.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

/** Two tones of a show, between them the 5 kHz of an ad from 4 s to 7 s. */
const SHOW = "if(between(t,4,7),0.5*sin(2*PI*5000*t),0.3*sin(2*PI*220*t)+0.05*sin(2*PI*310*t))";

async function decode(ffmpeg: string, path: string): Promise<Float32Array> {
  const { stdout } = await runToEnd(ffmpeg, ["-v", "error", "-i", path, "-ac", "1", "-f", "f32le", "pipe:1"]);
  return new Float32Array(stdout.slice().buffer);
}

/** Largest share of a frequency in any 20 ms, as an amplitude. */
function loudest(samples: Float32Array, hz: number, sampleRate: number): number {
  const width = Math.round(sampleRate / 50);
  let most = 0;
  for (let at = 0; at + width <= samples.length; at += width >> 1) {
    let re = 0;
    let im = 0;
    for (let n = 0; n < width; n++) {
      const window = 1 - Math.cos(2 * Math.PI * n / width);
      re += window * samples[at + n]! * Math.cos(2 * Math.PI * hz * n / sampleRate);
      im += window * samples[at + n]! * Math.sin(2 * Math.PI * hz * n / sampleRate);
    }
    most = Math.max(most, 2 * Math.hypot(re, im) / width);
  }
  return most;
}

function largestStep(samples: Float32Array, from: number, to: number): number {
  let most = 0;
  for (let n = from + 1; n < to; n++) most = Math.max(most, Math.abs(samples[n]! - samples[n - 1]!));
  return most;
}

const KINDS = [
  { name: "128 kbit/s", rate: 44_100, args: ["-b:a", "128k"] },
  { name: "320 kbit/s, stereo", rate: 44_100, args: ["-b:a", "320k", "-ac", "2"] },
  { name: "variable bit rate, 48 kHz", rate: 48_000, args: ["-q:a", "4", "-ac", "2"] },
  { name: "MPEG-2, 22,050 Hz", rate: 22_050, args: ["-b:a", "64k"] },
  { name: "no info frame", rate: 44_100, args: ["-b:a", "96k", "-write_xing", "0"] },
];

for (const { name, rate, args } of KINDS) {
  for (const [start, end] of [[4, 7], [0, 7], [4, 12]] as const) {
    Deno.test({
      name: `cutMp3() leaves no sample of ${start} to ${end} s, no click, and the rest as it was: ${name}`,
      ignore: !(await hasProgram("ffmpeg")),
      fn: () =>
        inTemporaryFolder(async (folder) => {
          const { path: ffmpeg } = await requireProgram("ffmpeg");
          const path = `${folder}/show.mp3`;
          const source = `aevalsrc='${SHOW}':s=${rate}:d=12`;
          await runToEnd(ffmpeg, ["-v", "error", "-f", "lavfi", "-i", source, ...args, path]);
          const stream = readMp3Stream(await Deno.readFile(path));
          const codec = await ffmpegMp3Codec({});
          // Where nothing tells of the encoder's delay, players play it, and all comes later.
          const late = stream.info ? 0 : 1105 / rate;
          const span = { start: start + late, end: end + late };
          const cut = await cutMp3(stream, { spans: [span], codec });
          await Deno.writeFile(`${folder}/cut.mp3`, cut.bytes);
          const before = await decode(ffmpeg, path);
          const after = await decode(ffmpeg, `${folder}/cut.mp3`);
          assert.equal(after.length, cut.samples);
          const frame = 1152 / rate;
          const kept = before.length / rate - (end - start);
          assert.ok(cut.samples / rate <= kept + frame && cut.samples / rate >= kept - 2 * frame - 0.01);
          if (start > 0 && end < 12) {
            assert.ok(loudest(after, 5000, rate) < 0.01, `${loudest(after, 5000, rate)}`);
          }
          // Away from the cut, decoded sound is the same to the bit.
          const away = Math.round(0.2 * rate);
          const cutAt = Math.round(cut.removed[0]!.start * rate);
          const shift = before.length - after.length;
          for (let n = 0; n < cutAt - away; n++) {
            if (before[n] !== after[n]) assert.fail(`sample ${n}`);
          }
          for (let n = cutAt + away; n < after.length && end < 12; n++) {
            if (before[n + shift] !== after[n]) assert.fail(`sample ${n} behind the cut at ${cutAt}`);
          }
          const near = Math.round(0.005 * rate);
          const step = largestStep(after, Math.max(0, cutAt - near), Math.min(after.length, cutAt + near));
          assert.ok(step <= 1.05 * largestStep(before, 0, 3 * rate), `a step of ${step}`);
        }),
    });
  }
}
