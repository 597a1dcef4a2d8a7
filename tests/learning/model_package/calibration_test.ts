import assert from "node:assert/strict";
import { join } from "node:path";
import { latestCalibration } from "lib/learning/model_package/manifest.ts";
import { openPackage, readManifest } from "lib/learning/model_package/open_package.ts";
import { addCalibration } from "lib/learning/model_package/write_package.ts";
import { writeToneModel } from "tests/learning/model_package/tone_model.ts";

const calibration = (reviewed: number, event = "beep") => ({
  event,
  curve: [
    { score: 0.1, probability: 0.05, lower: 0, upper: 0.2 },
    { score: 0.9, probability: 0.8, lower: 0.6, upper: 0.95 },
  ],
  reviewed,
  right: 8,
  reviewedOn: "reviewed.csv",
  at: "2026-01-01T00:00:00.000Z",
});

Deno.test("addCalibration() keeps earlier ones, and packages without any still open", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const dir = join(folder, "beep");
    assert.equal((await writeToneModel(dir)).calibrations, undefined);
    await openPackage(dir);
    await addCalibration(dir, calibration(10));
    await addCalibration(dir, calibration(20));
    const { manifest } = await openPackage(dir);
    assert.deepEqual(manifest.calibrations?.map(({ reviewed }) => reviewed), [10, 20]);
    assert.equal(latestCalibration(manifest, "beep")?.reviewed, 20);
    assert.equal(latestCalibration(manifest, "cough"), undefined);
    await assert.rejects(
      addCalibration(dir, calibration(5, "cough")),
      /"cough" is not one of the model's events/,
    );
    assert.equal((await readManifest(dir)).calibrations?.length, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
