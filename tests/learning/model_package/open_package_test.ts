import assert from "node:assert/strict";
import { join } from "node:path";
import { createScorer } from "lib/learning/detect/scorer.ts";
import { type OnnxModel, onnxModelType } from "lib/learning/model_package/onnx_schema.ts";
import { openPackage, sha256Hex } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
import { addOperatingPoint } from "lib/learning/model_package/write_package.ts";
import { toneManifest, toneModelOnnx, writeToneModel } from "tests/learning/model_package/tone_model.ts";

type Json = Record<string, unknown>;

/** Runs `check` on a valid package in a scratch folder. */
async function withPackage(check: (dir: string) => Promise<void>): Promise<void> {
  const scratch = await Deno.makeTempDir();
  try {
    const dir = join(scratch, "tone");
    await writeToneModel(dir);
    await check(dir);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

async function editManifest(dir: string, edit: (manifest: Json) => void): Promise<void> {
  const path = join(dir, "manifest.json");
  const manifest = JSON.parse(await Deno.readTextFile(path)) as Json;
  edit(manifest);
  await Deno.writeTextFile(path, JSON.stringify(manifest));
}

async function editInput(dir: string, edit: (input: Json) => void): Promise<void> {
  await editManifest(dir, (manifest) => edit((manifest["inputs"] as Json[])[0]!));
}

/** Replaces the model and makes the manifest agree with it. */
async function replaceModel(dir: string, bytes: Uint8Array): Promise<void> {
  await Deno.writeFile(join(dir, "model.onnx"), bytes);
  await editManifest(dir, (manifest) => manifest["modelSha256"] = sha256Hex(bytes));
}

function editOnnx(edit: (model: OnnxModel) => void): Uint8Array {
  const model = onnxModelType().toObject(onnxModelType().decode(toneModelOnnx()), {
    longs: Number,
  }) as OnnxModel;
  edit(model);
  return onnxModelType().encode(model as unknown as Json).finish();
}

async function assertRejected(dir: string, message: RegExp): Promise<void> {
  await assert.rejects(openPackage(dir), (error: unknown) => {
    assert(error instanceof ModelPackageError);
    assert.match(error.message, message);
    assert(error.message.includes(dir), "the message names the folder");
    assert(!error.message.includes("\n"), "the message is one line");
    return true;
  });
}

Deno.test("openPackage() reads what writePackage() wrote", async () => {
  await withPackage(async (dir) => {
    const { manifest, model } = await openPackage(dir);
    const { formatVersion, modelSha256, ...rest } = manifest;
    assert.deepEqual(rest, toneManifest());
    assert.deepEqual(model, toneModelOnnx());
    assert.equal(formatVersion, 2);
    assert.equal(modelSha256, sha256Hex(model));
  });
});

Deno.test("openPackage() reads a package that was written with version 1 of the manifest", async () => {
  const dir = "tests/fixtures/model_package_1";
  const { manifest, model } = await openPackage(dir);
  assert.deepEqual(manifest, { ...toneManifest(), formatVersion: 2, modelSha256: sha256Hex(model) });
});

Deno.test("a manifest of version 1 is read as strictly, and is written as version 2", async () => {
  const scratch = await Deno.makeTempDir();
  const old = "tests/fixtures/model_package_1";
  try {
    for (const name of ["manifest.json", "model.onnx", "MODEL_CARD.md"]) {
      await Deno.copyFile(join(old, name), join(scratch, name));
    }
    const point = { event: "beep", threshold: 0.7, chosenBy: "ear", chosenOn: "a recording" };
    await addOperatingPoint(scratch, { ...point, at: "2026-01-01T00:00:00Z", curve: [] });
    const written: unknown = JSON.parse(await Deno.readTextFile(join(scratch, "manifest.json")));
    assert.deepEqual(written, (await openPackage(scratch)).manifest);
    assert.deepEqual((await openPackage(scratch)).manifest.inputs, toneManifest().inputs);
    const wrong: [RegExp, (manifest: Json) => void][] = [
      [/fingerprint": does not fit/, (manifest) => (manifest["features"] as Json)["fMax"] = 3000],
      [/unknown key "treshold"/, (manifest) => manifest["treshold"] = 1],
      [/unknown key "inputs\.0\.features\.fmax"/, (manifest) => (manifest["features"] as Json)["fmax"] = 1],
      [/"formatVersion"/, (manifest) => manifest["inputs"] = []],
      [/"formatVersion"/, (manifest) => delete manifest["features"]],
    ];
    for (const [message, edit] of wrong) {
      await Deno.copyFile(join(old, "manifest.json"), join(scratch, "manifest.json"));
      await editManifest(scratch, edit);
      await assertRejected(scratch, message);
    }
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
});

Deno.test("openPackage() says which input it does not know", async () => {
  const cases: [RegExp, (input: Json) => void][] = [
    [
      /"inputs\.0\.stream": "smell" is no stream; the streams are sound, /,
      (input) => input["stream"] = "smell",
    ],
    [/"inputs\.0\.stream": there are no features of frames in this/, (input) => input["stream"] = "frames"],
    [/unknown key "inputs\.0\.rate"/, (input) => input["rate"] = 1],
  ];
  for (const [message, edit] of cases) {
    await withPackage(async (dir) => {
      await editInput(dir, edit);
      await assertRejected(dir, message);
    });
  }
  await withPackage(async (dir) => {
    await editManifest(dir, (manifest) => {
      const [input] = manifest["inputs"] as Json[];
      manifest["inputs"] = [input, input];
    });
    await assertRejected(dir, /"inputs": names the same stream twice/);
    await editManifest(dir, (manifest) => (manifest["inputs"] as Json[]).splice(0, 2));
    await assertRejected(dir, /"inputs"/);
  });
});

Deno.test("a model of another stream than the whole sound is no model for a search", async () => {
  await withPackage(async (dir) => {
    await editInput(dir, (input) => input["stream"] = "voice");
    const model = await openPackage(dir);
    await assert.rejects(
      createScorer(model),
      /The model tone needs voice of a recording, and only the whole/,
    );
  });
});

Deno.test("openPackage() rejects a model.onnx that is not the one described", async () => {
  await withPackage(async (dir) => {
    const bytes = toneModelOnnx();
    bytes[bytes.length - 1]! ^= 1;
    await Deno.writeFile(join(dir, "model.onnx"), bytes);
    await assertRejected(dir, /sha256 differs.*train the model anew/);
  });
});

Deno.test("openPackage() rejects unknown keys at every level and names them", async () => {
  await withPackage(async (dir) => {
    await editManifest(dir, (manifest) => manifest["treshold"] = 1);
    await assertRejected(dir, /unknown key "treshold"/);
  });
  await withPackage(async (dir) => {
    await editManifest(dir, (manifest) => (manifest["postprocessing"] as Json)["gap"] = 1);
    await assertRejected(dir, /unknown key "postprocessing.gap"/);
  });
});

Deno.test("openPackage() names a newer version before anything else", async () => {
  await withPackage(async (dir) => {
    await editManifest(dir, (manifest) => {
      manifest["formatVersion"] = 3;
      manifest["somethingNew"] = true;
    });
    await assertRejected(dir, /newer version of this program \(format 3; .*update the program/);
  });
});

Deno.test("openPackage() rejects features that do not fit their fingerprint", async () => {
  await withPackage(async (dir) => {
    await editInput(dir, (input) => (input["features"] as Json)["fMax"] = 3000);
    await assertRejected(dir, /"inputs\.0\.fingerprint": does not fit the features/);
  });
});

Deno.test("openPackage() rejects weights kept in other files, in subgraphs and attributes too", async () => {
  const external = { dims: [1], dataType: 1, name: "elsewhere", dataLocation: 1 };
  const hideIn: ((model: OnnxModel) => void)[] = [
    (model) => model.graph!.initializer![0]!.externalData = [{ key: "location", value: "../weights" }],
    (model) => model.graph!.sparseInitializer = [{ values: external }],
    (model) => model.graph!.node![0]!.attribute = [{ name: "value", type: 4, t: external }],
    (model) => model.graph!.node![0]!.attribute = [{ name: "then", type: 5, g: { initializer: [external] } }],
    (model) =>
      model.functions = [{
        node: [{
          opType: "Constant",
          input: [],
          output: ["c"],
          attribute: [{ name: "v", type: 4, t: external }],
        }],
      }],
  ];
  for (const hide of hideIn) {
    await withPackage(async (dir) => {
      await replaceModel(dir, editOnnx(hide));
      await assertRejected(dir, /keeps weights in other files/);
    });
  }
});

Deno.test("openPackage() rejects a model.onnx that is no ONNX model", async () => {
  for (const bytes of [new TextEncoder().encode("not a model"), new Uint8Array(0)]) {
    await withPackage(async (dir) => {
      await replaceModel(dir, bytes);
      await assertRejected(dir, /not an ONNX model/);
    });
  }
});

Deno.test("openPackage() says what a folder lacks", async () => {
  await withPackage(async (dir) => {
    await Deno.remove(join(dir, "model.onnx"));
    await assertRejected(dir, /has no model\.onnx/);
    await Deno.remove(join(dir, "manifest.json"));
    await assertRejected(dir, /has no manifest\.json/);
    await assertRejected(join(dir, "elsewhere"), /no such folder/);
    await assertRejected(join(dir, "MODEL_CARD.md"), /has no manifest\.json/);
    await Deno.writeTextFile(join(dir, "manifest.json"), "{");
    await assertRejected(dir, /is not JSON/);
  });
});
