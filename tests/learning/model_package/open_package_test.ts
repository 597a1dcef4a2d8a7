import assert from "node:assert/strict";
import { join } from "node:path";
import { type OnnxModel, onnxModelType } from "lib/learning/model_package/onnx_schema.ts";
import { openPackage, sha256Hex } from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";
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
    const { formatVersion, featureFingerprint, modelSha256, ...rest } = manifest;
    assert.deepEqual(rest, toneManifest());
    assert.deepEqual(model, toneModelOnnx());
    assert.equal(formatVersion, 1);
    assert.equal(modelSha256, sha256Hex(model));
    assert.match(featureFingerprint, /^[0-9a-f]{64}$/);
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
      manifest["formatVersion"] = 2;
      manifest["somethingNew"] = true;
    });
    await assertRejected(dir, /newer version of this program \(format 2; .*update the program/);
  });
});

Deno.test("openPackage() rejects features that do not fit their fingerprint", async () => {
  await withPackage(async (dir) => {
    await editManifest(dir, (manifest) => (manifest["features"] as Json)["fMax"] = 3000);
    await assertRejected(dir, /featureFingerprint/);
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
