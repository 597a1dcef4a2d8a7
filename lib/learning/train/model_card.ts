import { soundFeatures } from "lib/learning/features/model_input.ts";
import type { Manifest } from "lib/learning/model_package/manifest.ts";
import {
  bestEpoch,
  meanValidation,
  type TrainedNetwork,
  trainingSeconds,
} from "lib/learning/train/trained_network.ts";

/** What a model card tells beyond the manifest. */
interface ModelCardFacts {
  readonly manifest: Omit<Manifest, "formatVersion" | "modelSha256">;
  /** Number of clips and of groups for each event, and of the negatives. */
  readonly clips: readonly { readonly label: string; readonly clips: number; readonly groups: number }[];
  readonly networks: readonly TrainedNetwork[];
  readonly engine: string;
  /** What whoever trains says about the data: sources, licences, purpose. */
  readonly notes?: string | undefined;
  readonly remarks: readonly string[];
}

/** Writes `MODEL_CARD.md`: what the model is for, what it was trained on, and what its figures mean. */
export function modelCard({ manifest, clips, networks, engine, notes, remarks }: ModelCardFacts): string {
  const validation = meanValidation(networks);
  const several = networks.length > 1;
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const rows = clips.map(({ label, clips: n, groups }) => `| ${label} | ${n} | ${groups} |`);
  const figures = manifest.eventNames.map((event, k) =>
    `| ${event} | ${percent(validation.byEvent[k]!)} | ${percent(validation.baseline)} |`
  );
  const { hopLength, sampleRate } = soundFeatures(manifest);
  return [
    `# ${manifest.name}`,
    "",
    `${what(manifest.eventNames)} in recordings and live streams, one score every ` +
    `${
      (1000 * manifest.architecture.frameStride * hopLength / sampleRate)
        .toFixed(0)
    } ms.`,
    "",
    ...(notes ? ["## About the data", "", notes.trim(), ""] : []),
    "## Trained on",
    "",
    "| label | clips | recordings or speakers |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "Training windows are mixed on the fly: an event at a random level and place over some of the negatives.",
    "",
    "## Figures",
    "",
    ...(several
      ? [
        `The model's scores are the mean of ${networks.length} networks, each of which held other recordings out; the ` +
        "figures are means of what each reached on those.",
        "",
      ]
      : []),
    "Average precision over frames of windows mixed out of clips whose recordings were held out from training. " +
    "They say how training went, not how many events are found in a stream: run `deno task evaluate` on an " +
    "annotated recording for that.",
    "",
    "| event | average precision | by chance |",
    "| --- | --- | --- |",
    ...figures,
    "",
    ...remarks.map((remark) => `- ${remark}`),
    ...(remarks.length > 0 ? [""] : []),
    "## Limits",
    "",
    `It knows the sounds that it was trained on. With ${
      clips[0]!.clips
    } clips of the event, voices, rooms and ` +
    "microphones that are unlike them may be missed, and sounds that no negative clip held may raise false alarms: " +
    "listen to what it finds, and train again with what it got wrong.",
    "",
    `Trained with the ${engine} engine, ${several ? `${networks.length} networks, ` : ""}` +
    `${networks.map((network) => bestEpoch(network).step).join(", ")} steps to the best epoch` +
    `${several ? " of each" : ""}, ${trainingSeconds(networks).toFixed(0)} seconds, seed ${manifest.seed}.`,
    "",
  ].join("\n");
}

/** Too many names for a sentence stand in the table of clips. */
function what(eventNames: readonly string[]): string {
  return eventNames.length > 8
    ? `Tells ${eventNames.length} kinds of sound apart`
    : `Finds ${eventNames.join(", ")}`;
}
