import assert from "node:assert/strict";
import { join } from "node:path";
import { readSamples } from "lib/media/audio/clip.ts";
import { type RecordingReport, writeReport } from "lib/show/report/recording_report.ts";
import { exampleRecording } from "tests/show/report/example_recording.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

/** Hz, of the example's sounds. */
const SAMPLE_RATE = 16_000;

Deno.test("writeReport() writes one page with every event, none of whose names became markup", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "report.html");
    const written = await writeReport(path, exampleRecording());
    assert.deepEqual({ ...written, bytes: 0 }, {
      path,
      bytes: 0,
      players: 13,
      playersLeftOut: 0,
      soundsFailed: 0,
    });
    const page = await Deno.readTextFile(path);
    assert.equal(written.bytes, (await Deno.stat(path)).size);
    assert.equal(page.match(/<li class="card"/g)?.length, 13);
    assert.equal(page.match(/data-kind="missed"/g)?.length, 1);
    assert.doesNotMatch(page, /<script>alert|<b>&/);
    assert.deepEqual([...Deno.readDirSync(folder)].map((entry) => entry.name), ["report.html"]);
  }));

Deno.test("writeReport() shares plotly.js beside pages when asked", () =>
  inTemporaryFolder(async (folder) => {
    const { bytes } = await writeReport(join(folder, "a.html"), { ...exampleRecording(), plotly: "beside" });
    await writeReport(join(folder, "b.html"), { ...exampleRecording(), plotly: "beside" });
    assert.ok(bytes < 2_500_000, `${bytes} bytes`);
    const names = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
    assert.deepEqual(names, ["a.html", "b.html", names[2]]);
    assert.match(names[2]!, /^plotly-\d+\.\d+\.\d+\.min\.js$/);
  }));

Deno.test("writeReport() puts sounds beside the page when asked, which leaves none out", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "report.html");
    const inside = await writeReport(path, exampleRecording());
    const beside = await writeReport(path, {
      ...exampleRecording(),
      soundFolder: "its sounds",
      maxPlayerBytes: 0,
    });
    assert.deepEqual([beside.players, beside.playersLeftOut], [13, 0]);
    assert.ok(beside.bytes < inside.bytes - 13 * 2 * SAMPLE_RATE * 2, `${beside.bytes} of ${inside.bytes}`);
    const page = await Deno.readTextFile(path);
    const addresses = [...page.matchAll(/<audio [^>]*src="([^"]+)"/g)].map(([, address]) => address!);
    assert.equal(addresses.length, 13);
    for (const address of addresses) {
      const samples = await readSamples(join(folder, decodeURIComponent(address)), {
        sampleRate: SAMPLE_RATE,
      });
      assert.ok(samples.length > 2 * SAMPLE_RATE, address);
    }
  }));

Deno.test("writeReport() says why an event was missed", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "report.html");
    const textOf = async (change: Partial<RecordingReport>) => {
      await writeReport(path, { ...exampleRecording(), plotly: "beside", ...change });
      return await Deno.readTextFile(path);
    };
    assert.match(await textOf({}), /<p>Its score is at most 0\.38, below the threshold of 0\.50\.<\/p>/);
    const shortest = { event: 0.3, smoothing: 0.24 };
    const high = await textOf({ threshold: 0.37, shortest });
    assert.match(
      high,
      /<p>Its score reaches 0\.38, above the threshold of 0\.37, but stays there for 0\.\d\d s only: too short\. Scores are smoothed over 0\.24 s, and an event lasts at least 0\.3 s\.<\/p>/,
    );
  }));

Deno.test("writeReport() leaves players out beyond their limit, and says so", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "report.html");
    const written = await writeReport(path, {
      ...exampleRecording(),
      plotly: "beside",
      maxPlayerBytes: 400_000,
    });
    assert.ok(
      written.players > 0 && written.players + written.playersLeftOut === 13,
      JSON.stringify(written),
    );
    const page = await Deno.readTextFile(path);
    assert.equal(page.match(/<audio /g)?.length, written.players);
    assert.match(page, new RegExp(`${written.playersLeftOut} of 13 events have no player`));
    assert.match(page, /listen at 0:09:31\.5 in the recording/);
  }));

Deno.test("writeReport() asks for no more sounds once there is room for none", () =>
  inTemporaryFolder(async (folder) => {
    const example = exampleRecording();
    let asked = 0;
    const report = {
      ...example,
      plotly: "beside" as const,
      maxPlayerBytes: 1,
      maxPictureBytes: 1,
      clipSamples: (
        event: Parameters<typeof example.clipSamples>[0],
      ) => (asked++, example.clipSamples(event)),
    };
    const written = await writeReport(join(folder, "report.html"), report);
    assert.equal(asked, 1);
    assert.equal(written.playersLeftOut, 13);
  }));

Deno.test("writeReport() goes on past a sound that cannot be read", () =>
  inTemporaryFolder(async (folder) => {
    const example = exampleRecording();
    const path = join(folder, "report.html");
    const written = await writeReport(path, {
      ...example,
      plotly: "beside",
      clipSamples: (event) =>
        event === example.events[0] ? Promise.reject(new Error("gone <away>")) : example.clipSamples(event),
    });
    assert.deepEqual([written.players, written.soundsFailed], [12, 1]);
    assert.match(await Deno.readTextFile(path), /No sound: gone &lt;away&gt;/);
  }));

Deno.test("writeReport() leaves nothing behind when it is interrupted", () =>
  inTemporaryFolder(async (folder) => {
    const controller = new AbortController();
    const example = exampleRecording();
    const writing = writeReport(join(folder, "report.html"), {
      ...example,
      signal: controller.signal,
      clipSamples: (event) => {
        controller.abort();
        return example.clipSamples(event);
      },
    });
    await assert.rejects(writing, { name: "AbortError" });
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("writeReport() says what to do when nothing was found", () =>
  inTemporaryFolder(async (folder) => {
    const { annotations: _, ...example } = exampleRecording();
    const path = join(folder, "report.html");
    await writeReport(path, { ...example, events: [], plotly: "beside" });
    assert.match(await Deno.readTextFile(path), /No event reached the threshold. Try a lower one./);
  }));
