import { soundInputs } from "lib/learning/features/model_input.ts";
import { listenerCard } from "lib/learning/listener/listener_card.ts";
import { EMBEDDING_LAYER, MIDDLE_LAYER } from "lib/learning/listener/listener_network.ts";
import { LISTENER_SOUNDS } from "lib/learning/listener/sounds.ts";
import { readTfliteLayers } from "lib/learning/listener/tflite_file.ts";
import { YAMNET_FEATURES, type YamnetNetwork, yamnetNetwork } from "lib/learning/listener/yamnet.ts";
import { contextFrames, frameStride } from "lib/learning/model/architecture.ts";
import { exportOnnx } from "lib/learning/model/export_onnx.ts";
import type { Postprocessing } from "lib/learning/model_package/manifest.ts";
import type { PackageContent } from "lib/learning/model_package/write_package.ts";

/** Where the listener lies, if `deno task setup` could get it. */
export const LISTENER_FOLDER = "models/listener";

/** The published file and its twin with other metadata, by sha256; their weights are the same. */
export const YAMNET_SHA256: readonly string[] = Object.freeze([
  "4d8b4a53282dc83ef04e3e7dbc4fbc98082e34e44ed798e16c3a0cdd4c584faf",
  "10c95ea3eb9a7bb4cb8bddf6feb023250381008177ac162ce169694d05c317de",
]);

/** Where the file is published. */
export const YAMNET_URL =
  "https://storage.googleapis.com/mediapipe-models/audio_classifier/yamnet/float32/1/yamnet.tflite";

/** How a listener's scores become events: a score already is a mean over half a second. */
const POSTPROCESSING: Postprocessing = {
  smoothing: { kind: "none", duration: 0 },
  onsetThreshold: 0.5,
  offsetRatio: 0.5,
  minDuration: 0.1,
  mergeGap: 0.3,
  pad: 0,
};

/** When the thresholds of the classes were measured. */
const MEASURED_AT = "2026-11-30T16:00:00Z";

/**
 * A model package of the listener, made of a TensorFlow Lite file of YAMNet.
 *
 * @param source Where the file is from and its sha256, for the manifest and the card.
 * @throws {SyntaxError} If the file is not that network.
 */
export function listenerPackage(
  file: Uint8Array<ArrayBuffer>,
  source: { readonly origin: string; readonly sha256: string },
): { content: PackageContent; network: YamnetNetwork } {
  const network = yamnetNetwork(readTfliteLayers(file));
  const { architecture, stages, weights } = network;
  const known = weights["logits/bias"]!.length;
  if (known !== LISTENER_SOUNDS.length) {
    throw new SyntaxError(
      `it is not the network YAMNet: it knows ${known} sounds, not ${LISTENER_SOUNDS.length}`,
    );
  }
  const manifest: PackageContent["manifest"] = {
    name: "listener",
    eventNames: LISTENER_SOUNDS.map(({ name }) => name),
    inputs: soundInputs(YAMNET_FEATURES),
    clipSeconds: 0.96,
    architecture: {
      name: architecture.name,
      frameStride: frameStride(architecture),
      contextFrames: contextFrames(architecture),
      // Trainings that start from it build the same trunk.
      parameters: { stages: stages.map(({ filters, stride }) => ({ filters, stride: [...stride] })) },
    },
    training: { source: source.origin, sourceSha256: source.sha256 },
    seed: 0,
    dataFingerprint: "AudioSet, by its publisher; not trained here",
    metrics: {},
    postprocessing: POSTPROCESSING,
    operatingPoints: LISTENER_SOUNDS
      .filter(({ threshold }) => threshold !== POSTPROCESSING.onsetThreshold)
      .map(({ name, threshold }) => ({
        event: name,
        threshold,
        chosenBy: name === "burp"
          ? "all of 19 recorded burps, alone over quiet noise, score above it"
          : "at most 5 events in an hour without the sound, but from 0.1 to 0.5",
        chosenOn: "an hour of mixed sounds",
        at: MEASURED_AT,
        curve: [],
      })),
  };
  const model = exportOnnx(architecture, [weights], { embeddings: EMBEDDING_LAYER, middle: MIDDLE_LAYER });
  return { content: { manifest, model, modelCard: listenerCard(source) }, network };
}
