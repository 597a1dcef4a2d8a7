import assert from "node:assert/strict";
import { join } from "node:path";
import { latestOperatingPoint, type OperatingPoint } from "lib/learning/model_package/manifest.ts";
import { openPackage } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
import { addOperatingPoint, writePackage } from "lib/learning/model_package/write_package.ts";
import { toneManifest, toneModelOnnx, writeToneModel } from "tests/learning/model_package/tone_model.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

function point(event: string, threshold: number): OperatingPoint {
  return {
    event,
    threshold,
    chosenBy: "best F1",
    chosenOn: "a.wav (3 events, 0.1 h)",
    at: "2026-11-21T10:00:00Z",
    curve: [{ threshold, precision: null, recall: 0.5, falseAlarmsPerHour: 12 }],
  };
}

Deno.test("writePackage() refuses a folder that exists and leaves it alone", async () => {
  await inTemporaryFolder(async (folder) => {
    const dir = join(folder, "mine");
    await Deno.mkdir(dir);
    await Deno.writeTextFile(join(dir, "notes.txt"), "mine");
    await assert.rejects(writeToneModel(dir), ModelPackageError);
    assert.equal(await Deno.readTextFile(join(dir, "notes.txt")), "mine");
    assert.deepEqual(Array.from(Deno.readDirSync(dir), (entry) => entry.name), ["notes.txt"]);
  });
});

Deno.test("writePackage() leaves nothing behind when the manifest is wrong", async () => {
  await inTemporaryFolder(async (folder) => {
    const manifest = { ...toneManifest(), eventNames: [] };
    const content = { manifest, model: toneModelOnnx(), modelCard: "" };
    await assert.rejects(writePackage(join(folder, "m"), content), ModelPackageError);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("writePackage() writes the card and extra files beside the model", async () => {
  await inTemporaryFolder(async (folder) => {
    const dir = join(folder, "deep", "m");
    await writePackage(dir, {
      manifest: toneManifest(),
      model: toneModelOnnx(),
      modelCard: "# Card",
      extraFiles: { "run.json": "{}" },
    });
    assert.equal(await Deno.readTextFile(join(dir, "MODEL_CARD.md")), "# Card");
    assert.equal(await Deno.readTextFile(join(dir, "run.json")), "{}");
  });
});

Deno.test("addOperatingPoint() keeps earlier points, and the last one of an event counts", async () => {
  await inTemporaryFolder(async (folder) => {
    const dir = join(folder, "m");
    await writeToneModel(dir, { eventNames: ["low", "high"] });
    await addOperatingPoint(dir, point("low", 0.3));
    await addOperatingPoint(dir, point("high", 0.4));
    await addOperatingPoint(dir, point("low", 0.7));
    const { manifest } = await openPackage(dir);
    assert.deepEqual(manifest.operatingPoints.map((p) => p.threshold), [0.3, 0.4, 0.7]);
    assert.equal(latestOperatingPoint(manifest, "low")?.threshold, 0.7);
    assert.equal(latestOperatingPoint(manifest, "high")?.threshold, 0.4);
    assert.equal(latestOperatingPoint(manifest, "other"), undefined);
  });
});

Deno.test("addOperatingPoint() loses none of several points added at once", async () => {
  await inTemporaryFolder(async (folder) => {
    const dir = join(folder, "m");
    await writeToneModel(dir);
    const thresholds = [0.1, 0.2, 0.3, 0.4];
    await Promise.all(thresholds.map((threshold) => addOperatingPoint(dir, point("beep", threshold))));
    const { manifest } = await openPackage(dir);
    assert.deepEqual(manifest.operatingPoints.map((p) => p.threshold).toSorted(), thresholds);
  });
});

Deno.test("addOperatingPoint() rejects an event that the model does not know, and a folder that is no model", async () => {
  await inTemporaryFolder(async (folder) => {
    const dir = join(folder, "m");
    const before = await writeToneModel(dir);
    await assert.rejects(
      addOperatingPoint(dir, point("bark", 0.5)),
      /"bark" is not one of the model's events/,
    );
    assert.deepEqual((await openPackage(dir)).manifest, before);
    await assert.rejects(addOperatingPoint(folder, point("beep", 0.5)), ModelPackageError);
    assert.deepEqual(Array.from(Deno.readDirSync(folder), (entry) => entry.name), ["m"]);
  });
});
