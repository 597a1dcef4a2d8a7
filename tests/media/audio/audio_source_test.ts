import assert from "node:assert/strict";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { decodeStream, openAudio } from "lib/media/audio/audio_source.ts";
import { encodeWav } from "lib/media/audio/wav_writer.ts";
import { sine, streamOf, withFile } from "tests/media/audio/wav_builder.ts";

const options = { sampleRate: 16_000 };
const second = encodeWav(sine(440), options);

async function assertRefused(opening: Promise<unknown>, path: string, reason: RegExp): Promise<void> {
  await assert.rejects(opening, (error: Error) => {
    assert.ok(error instanceof AudioError, String(error));
    assert.equal(error.recording, path);
    assert.ok(error.message.startsWith(`${path}: `) && !error.message.includes("\n"), error.message);
    return reason.test(error.message);
  });
}

Deno.test("openAudio() names files that are missing, empty, folders or text, and says what to do", async () => {
  await assertRefused(openAudio("no/such.wav", options), "no/such.wav", /no such file: check the path/);
  const folder = await Deno.makeTempDir();
  await assertRefused(openAudio(folder, options), folder, /a folder: name the recordings/);
  await Deno.remove(folder);
  await withFile(new Uint8Array(0), (path) => assertRefused(openAudio(path, options), path, /is empty/));
  const text = new TextEncoder().encode("Größe;Länge\n1;2\n");
  await withFile(text, (path) => assertRefused(openAudio(path, options), path, /text and no recording/));
});

Deno.test("openAudio() needs no other program for WAV files and knows how long they are", async () => {
  await withFile(second, async (path) => {
    const source = await openAudio(path, options);
    assert.equal(source.sampleRate, 16_000);
    assert.equal(source.duration, 1);
    await source.close();
    for (
      const [window, duration] of [[{ start: 0.25 }, 0.75], [{ start: 2 }, 0], [
        { duration: 0.5 },
        0.5,
      ]] as const
    ) {
      const part = await openAudio(path, { ...options, ...window });
      assert.equal(part.duration, duration);
      await part.close();
    }
  }, ".bin");
});

Deno.test("openAudio() refuses windows and rates that cannot be", async () => {
  for (
    const bad of [{ start: -1 }, { start: NaN }, { duration: -1 }, { sampleRate: 0 }, {
      sampleRate: 16_000.5,
    }]
  ) {
    await assert.rejects(openAudio("any.wav", { ...options, ...bad }), RangeError);
  }
});

Deno.test("openAudio() gives blocks of bounded size, so that memory does not grow with the file", async () => {
  await withFile(encodeWav(new Float32Array(2_000_000), options), async (path) => {
    let count = 0;
    for await (const block of (await openAudio(path, options)).blocks) {
      assert.ok(block.length <= 2 ** 18);
      count += block.length;
    }
    assert.equal(count, 2_000_000);
  });
});

Deno.test("openAudio() stops with the signal's reason", async () => {
  await withFile(encodeWav(new Float32Array(1_000_000), options), async (path) => {
    const controller = new AbortController();
    const source = await openAudio(path, { ...options, signal: controller.signal });
    const reason = new Error("enough");
    await assert.rejects(async () => {
      for await (const _ of source.blocks) controller.abort(reason);
    }, reason);
    await assert.rejects(openAudio(path, { ...options, signal: controller.signal }), reason);
  });
});

Deno.test("openAudio() closes the file after an early end of the loop", async () => {
  // The test runner fails tests that leave files open.
  await withFile(second, async (path) => {
    for await (const _ of (await openAudio(path, options)).blocks) break;
  });
});

Deno.test("decodeStream() names the stream, cancels it at an early end and stops waiting on abort", async () => {
  await assertRefused(decodeStream(streamOf(new Uint8Array(0), 1), options), "standard input", /is empty/);
  await assertRefused(
    decodeStream(streamOf(new Uint8Array(0), 1), { ...options, name: "vod 7" }),
    "vod 7",
    /is empty/,
  );

  let cancelled = 0;
  const waiting = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(second),
      cancel: () => void cancelled++,
    });
  for await (const _ of (await decodeStream(waiting(), options)).blocks) break;
  assert.equal(cancelled, 1);

  const controller = new AbortController();
  const reason = new Error("enough");
  const opening = decodeStream(new ReadableStream({ cancel: () => void cancelled++ }), {
    ...options,
    signal: controller.signal,
  });
  controller.abort(reason);
  await assert.rejects(opening, reason);
  assert.equal(cancelled, 2);
});

Deno.test("decodeStream() passes on the failure of the stream under its name", async () => {
  const failing = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error("connection reset")),
  });
  await assertRefused(decodeStream(failing, { ...options, name: "vod 7" }), "vod 7", /connection reset/);
});
