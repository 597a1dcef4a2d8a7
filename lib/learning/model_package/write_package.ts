import { join } from "node:path";
import { writeFileAtomic, writeFolderAtomic } from "lib/base/system/atomic_file.ts";
import { withLock } from "lib/base/system/lock.ts";
import {
  type Calibration,
  FORMAT_VERSION,
  type Manifest,
  type OperatingPoint,
} from "lib/learning/model_package/manifest.ts";
import {
  MANIFEST_FILE,
  MODEL_CARD_FILE,
  MODEL_FILE,
  parseManifest,
  readManifest,
  sha256Hex,
} from "lib/learning/model_package/open_package.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";

/** What goes into a new model folder. */
export interface PackageContent {
  /** Everything but what follows from the rest: format version and hash. */
  readonly manifest: Omit<Manifest, "formatVersion" | "modelSha256">;
  /** The ONNX file. */
  readonly model: Uint8Array;
  /** Markdown, with an honest paragraph on what the model was trained on. */
  readonly modelCard: string;
  /** More files, by name, such as the record of the training run. */
  readonly extraFiles?: Readonly<Record<string, string | Uint8Array>>;
}

/**
 * Writes a new model folder, which appears only when it is whole.
 *
 * @returns The manifest as written.
 * @throws {ModelPackageError} If the folder exists already, or the manifest is wrong.
 */
export async function writePackage(dir: string, content: PackageContent): Promise<Manifest> {
  const value = {
    formatVersion: FORMAT_VERSION,
    ...content.manifest,
    modelSha256: sha256Hex(content.model),
  };
  // As it will be read back: without keys whose value is undefined, which JSON does not have.
  const manifest = parseManifest(JSON.parse(JSON.stringify(value)), dir);
  const files: Record<string, string | Uint8Array> = {
    ...content.extraFiles,
    [MODEL_FILE]: content.model,
    [MODEL_CARD_FILE]: content.modelCard,
    [MANIFEST_FILE]: encodeManifest(manifest),
  };
  try {
    await writeFolderAtomic(dir, async (folder) => {
      for (const [name, data] of Object.entries(files)) {
        const path = join(folder, name);
        await (typeof data === "string" ? Deno.writeTextFile(path, data) : Deno.writeFile(path, data));
      }
    });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
    throw new ModelPackageError(dir, "the folder exists already; name a new one, or delete it", { cause });
  }
  return manifest;
}

/**
 * Adds an operating point to a model folder; it counts from now on. Earlier ones are kept, and nothing but
 * `manifest.json` is rewritten.
 *
 * @returns The manifest as written.
 * @throws {ModelPackageError} If the folder is not a model, or the point is wrong or of an unknown event.
 */
export async function addOperatingPoint(dir: string, point: OperatingPoint): Promise<Manifest> {
  return await changeManifest(dir, (manifest) => ({
    ...manifest,
    operatingPoints: [...manifest.operatingPoints, point],
  }));
}

/**
 * Adds what scores of an event are worth to a model folder; it counts from now on. Earlier ones are kept.
 *
 * @returns The manifest as written.
 * @throws {ModelPackageError} If the folder is not a model, or the calibration is wrong or of an unknown event.
 */
export async function addCalibration(dir: string, calibration: Calibration): Promise<Manifest> {
  return await changeManifest(dir, (manifest) => ({
    ...manifest,
    calibrations: [...manifest.calibrations ?? [], calibration],
  }));
}

async function changeManifest(dir: string, change: (manifest: Manifest) => Manifest): Promise<Manifest> {
  // Before the lock, which would otherwise leave its file in a folder that is no model.
  await readManifest(dir);
  return await withLock(join(dir, ".manifest.lock"), async () => {
    const changed = parseManifest(change(await readManifest(dir)), dir);
    await writeFileAtomic(join(dir, MANIFEST_FILE), encodeManifest(changed));
    return changed;
  });
}

function encodeManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
