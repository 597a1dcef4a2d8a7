import { createHash } from "node:crypto";
import { join } from "node:path";
import { errorMessage } from "lib/base/system/error_message.ts";
import { externalTensors } from "lib/learning/model_package/external_data.ts";
import { FORMAT_VERSION, type Manifest, manifestSchema } from "lib/learning/model_package/manifest.ts";
import { ModelPackageError } from "lib/learning/model_package/package_error.ts";

/** Names of the files of a model folder. */
export const MODEL_FILE = "model.onnx";
export const MANIFEST_FILE = "manifest.json";
export const MODEL_CARD_FILE = "MODEL_CARD.md";

/** A model that was read and verified. */
export interface ModelPackage {
  /** The folder that it came from. */
  readonly dir: string;
  readonly manifest: Manifest;
  /** The verified bytes of `model.onnx`; use these and not the file, which may change meanwhile. */
  readonly model: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a model folder and verifies it.
 *
 * @throws {ModelPackageError} If the folder is not a model, was written by a newer version, has a manifest with
 * unknown or wrong keys, or a `model.onnx` that is not the one described or keeps weights in other files.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openPackage } from "lib/learning/model_package/open_package.ts";
 *
 * const { manifest } = await openPackage("models/burp");
 * assert.deepEqual(manifest.eventNames, ["burp"]);
 * ```
 */
export async function openPackage(dir: string): Promise<ModelPackage> {
  const manifest = await readManifest(dir);
  const model = await readPart(dir, MODEL_FILE);
  if (sha256Hex(model) !== manifest.modelSha256) {
    throw new ModelPackageError(
      dir,
      `${MODEL_FILE} is not the file that ${MANIFEST_FILE} describes (its sha256 differs), so it is damaged or was ` +
        "exchanged; copy the whole folder again or train the model anew",
    );
  }
  let external: string[];
  try {
    external = externalTensors(model);
  } catch (cause) {
    throw new ModelPackageError(dir, `${MODEL_FILE} is not an ONNX model; train or export it again`, {
      cause,
    });
  }
  if (external.length > 0) {
    throw new ModelPackageError(
      dir,
      `${MODEL_FILE} keeps weights in other files (${
        external[0]
      }), which is not allowed, since they cannot be ` +
        "verified; export it with all weights inside",
    );
  }
  return { dir, manifest, model };
}

/**
 * Reads and checks the manifest alone, for programs that only want to know what a model is.
 *
 * @throws {ModelPackageError} As `openPackage`.
 */
export async function readManifest(dir: string): Promise<Manifest> {
  const text = new TextDecoder().decode(await readPart(dir, MANIFEST_FILE));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ModelPackageError(dir, `${MANIFEST_FILE} is not JSON; copy the folder again`, { cause });
  }
  return parseManifest(value, dir);
}

/**
 * Checks a manifest of unknown origin.
 *
 * @param dir The model folder, for the message.
 * @throws {ModelPackageError} Naming each key that is wrong.
 */
export function parseManifest(value: unknown, dir: string): Manifest {
  const version = typeof value === "object" && value !== null && "formatVersion" in value
    ? value.formatVersion
    : undefined;
  // First of all, since a newer manifest has keys that mean nothing here.
  if (typeof version === "number" && version > FORMAT_VERSION) {
    throw new ModelPackageError(
      dir,
      `it was written by a newer version of this program (format ${version}; this one reads up to ` +
        `${FORMAT_VERSION}); update the program`,
    );
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.join(".");
    if (issue.code === "unrecognized_keys") {
      return `unknown key ${issue.keys.map((key) => `"${path === "" ? "" : `${path}.`}${key}"`).join(", ")}`;
    }
    return path === "" ? issue.message : `"${path}": ${issue.message}`;
  });
  throw new ModelPackageError(
    dir,
    `${MANIFEST_FILE} is wrong: ${problems.join("; ")}; correct it or train anew`,
  );
}

/** SHA-256 in hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function readPart(dir: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(join(dir, name));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) {
      const problem = await Deno.stat(dir).then(
        () => `it has no ${name}; name a folder that training made`,
        () => "there is no such folder; train one, or name another with --model",
      );
      throw new ModelPackageError(dir, problem, { cause });
    }
    const reason = errorMessage(cause);
    throw new ModelPackageError(dir, `cannot read ${name}: ${reason}`, { cause });
  }
}
