import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import type { RecordingOverview } from "lib/web/pages/api_recordings.ts";
import { withBrowser, withPage } from "tests/browser/chromium.ts";
import { scaled } from "tests/long_run.ts";
import { hasProgram } from "tests/requirements.ts";
import { withLabelFolder } from "tests/web/browser/label_folder.ts";
import { startLabelServer } from "tests/web/browser/label_server.ts";

const ignore = !(await hasProgram("chromium")) || !(await hasProgram("ffmpeg"));
// For machines that are busy with other work; nothing waits for it where all goes well.
const PATIENCE = { timeout: 150_000 };
const PICTURE = ["-f", "lavfi", "-i", "color=size=64x64:rate=10:duration=26"];
const VIDEO = ["-map", "0:v", "-map", "1:a", "-shortest", "-c:v", "mpeg4"];
/** What ffmpeg is told to make each file; twitch.tv gives MPEG-TS, people keep the others. */
const FILES: Readonly<
  Record<string, { readonly before: readonly string[]; readonly codecs: readonly string[] }>
> = {
  "video.mkv": { before: PICTURE, codecs: [...VIDEO, "-c:a", "libopus", "-ar", "48000"] },
  "video.ts": { before: PICTURE, codecs: [...VIDEO, "-c:v", "mpeg2video", "-c:a", "aac"] },
  "sound.mp3": { before: [], codecs: ["-c:a", "libmp3lame"] },
  "sound.m4a": { before: [], codecs: ["-c:a", "aac"] },
};

/** How bright the spectrogram is at a time, from 0 to 765; the whole height of a few columns. */
function brightnessAt(page: Page, time: number): Promise<number> {
  return page.evaluate((time) => {
    const canvas = document.getElementById("recording-picture") as HTMLCanvasElement;
    const drawn = document.getElementById("recording-view")!.dataset["drawn"]!;
    const [start, end] = drawn.split("-").map(Number) as [number, number];
    const x = Math.round((time - start) / (end - start) * canvas.width);
    const { data } = canvas.getContext("2d")!.getImageData(x - 2, 0, 5, Math.round(canvas.height * 0.7));
    let brightest = 0;
    for (let i = 0; i < data.length; i += 4) {
      brightest = Math.max(brightest, data[i]! + data[i + 1]! + data[i + 2]!);
    }
    return brightest;
  }, time);
}

Deno.test({
  name: "recordings in MKV, MPEG-TS, MP3 and M4A are drawn, played and labelled where they sound",
  ignore,
  fn: () =>
    withLabelFolder(12, async (folder) => {
      const { path: ffmpeg } = await requireProgram("ffmpeg");
      const wav = join(folder, "vods", "stream.wav");
      const names = Object.keys(FILES).slice(0, scaled({ usual: 2, long: 4 }));
      for (const name of names) {
        const { before, codecs } = FILES[name]!;
        await runToEnd(ffmpeg, ["-v", "error", ...before, "-i", wav, ...codecs, join(folder, "vods", name)]);
      }
      const server = await startLabelServer(folder);
      const ledger = openLedger(join(folder, "labels.jsonl"));
      await withBrowser((browser) =>
        withPage(browser, server.url, async ({ page, complaints }) => {
          for (const name of names) {
            await page.goto(`${server.url}#recordings`);
            await page.locator("#recordings-list a", { hasText: name }).click(PATIENCE);
            await page.waitForSelector("#recording-view[data-drawn]", PATIENCE);
            assert.match(await page.locator("#recording-facts").textContent() ?? "", /^0:2[56] · /, name);

            // An event begins at every odd second and is over before the next even one.
            await page.keyboard.press("g");
            await page.keyboard.type("22");
            await page.keyboard.press("Enter");
            await page.waitForSelector("#recording-view[data-drawn]", PATIENCE);
            const [loud, quiet] = [await brightnessAt(page, 21.15), await brightnessAt(page, 22.5)];
            assert.ok(loud > quiet + 150, `${name}: ${loud} at a tone, ${quiet} in between`);

            await page.locator("#go-to-time").blur();
            await page.keyboard.press("Space");
            await page.waitForFunction(
              () => /^0:2[2-6]\.[1-9]/.test(document.getElementById("playhead-time")?.textContent ?? ""),
              undefined,
              PATIENCE,
            );
            await page.keyboard.press("Space");

            // The whole of it is there once it was read through.
            await page.keyboard.press("0");
            await page.waitForSelector("#recording-view[data-drawn^='0.000-2']", PATIENCE);

            const id = new URL(page.url()).hash.split("/")[1]!;
            const stretch = await fetch(
              `${server.url}api/recordings/${id}/stretch.wav?start=21&duration=1`,
            );
            const file = join(folder, "stretch.wav");
            await Deno.writeFile(file, await stretch.bytes());
            const samples = await readSamples(file, { sampleRate: 16_000 });
            // Encoders delay sound by up to 64 ms; what counts is where it is in the file.
            const whole = await readSamples(join(folder, "vods", name), { sampleRate: 16_000 });
            const late = middleOf(samples) - middleOf(whole.subarray(21 * 16_000, 22 * 16_000));
            assert.ok(Math.abs(late) < 0.003, `${name}: ${late} s late`);

            // What the overview and views of hours are drawn from is read in the background.
            const overview = await whenReady(`${server.url}api/recordings/${id}/overview`);
            assert.ok(Math.max(...overview.peaks) > 30, `${name}: ${Math.max(...overview.peaks)}`);

            await page.locator("#snapping").uncheck();
            for (const time of ["10", "12.5"]) {
              await page.keyboard.press("g");
              await page.keyboard.type(time);
              await page.keyboard.press("Enter");
              await page.keyboard.press("a");
            }
            await page.waitForSelector("#region-list li", PATIENCE);
            await page.waitForSelector("#connection[data-kept='0']", { state: "attached", ...PATIENCE });
            const entry = (await ledger.current()).find(({ recording }) => recording.endsWith(name));
            assert.deepEqual([entry?.onset, entry?.offset, entry?.label], [10, 12.5, "burp"], name);
          }
          assert.deepEqual(complaints.filter((text) => !/503|willReadFrequently/.test(text)), []);
        }, { offline: false })
      );
      await server.kill();
    }),
});

async function whenReady(address: string): Promise<RecordingOverview> {
  const endMs = performance.now() + PATIENCE.timeout;
  while (performance.now() < endMs) {
    const overview: RecordingOverview = await (await fetch(address)).json();
    if (overview.ready) return overview;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${address}: the recording was never read to its end`);
}

/** Where the energy of a sound has its middle, in seconds. */
function middleOf(samples: Float32Array): number {
  const energy = samples.reduce((sum, value) => sum + value ** 2, 0);
  return samples.reduce((sum, value, i) => sum + i * value ** 2, 0) / energy / 16_000;
}
