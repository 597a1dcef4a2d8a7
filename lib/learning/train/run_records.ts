import { join } from "node:path";
import { z } from "zod";
import { counted } from "lib/base/events/counted.ts";
import { type Manifest, manifestSchema } from "lib/learning/model_package/manifest.ts";
import { DEFAULT_TRAIN_CONFIG } from "lib/learning/train/train_config.ts";

const RECORD = z.looseObject({
  finished: z.iso.datetime().optional(),
  clips: z.array(z.looseObject({ label: z.string(), clips: z.number(), groups: z.number() })),
  epochs: z.array(z.looseObject({
    network: z.number().default(1),
    step: z.number(),
    loss: z.number(),
    learningRate: z.number(),
    validation: z.looseObject({ averagePrecision: z.number(), baseline: z.number() }),
  })),
});

/** A training that has left a model. */
export interface RunRecord {
  /** Name of the model's folder. */
  readonly name: string;
  readonly dir: string;
  /** When the training ended, or where its record does not say, when its files were written; milliseconds since 1970. */
  readonly finishedMs: number;
  readonly manifest: Manifest;
  /** Clips and recordings by label. */
  readonly clips: readonly { readonly label: string; readonly clips: number; readonly groups: number }[];
  /** What was measured at the end of each epoch, networks one after the other, as plots of training take it. */
  readonly points: readonly {
    readonly step: number;
    readonly loss: number;
    readonly learningRate: number;
    readonly validationAveragePrecision: number;
  }[];
  /** Best average precision on the validation clips, mean over the networks, from 0 to 1, and what chance gets. */
  readonly averagePrecision: number;
  readonly baseline: number;
  readonly seconds: number;
}

/** A setting in which two trainings differ. */
interface SettingDifference {
  /** Such as `mixture.roomShare`. */
  readonly setting: string;
  /** As JSON; `-` where it is missing. */
  readonly values: readonly [string, string];
}

/**
 * Reads the records that trainings left in the folders of their models, newest last. Folders that are no model, or a
 * model from elsewhere, are passed over.
 */
export async function readRunRecords(models: string): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  try {
    for await (const entry of Deno.readDir(models)) {
      const record = entry.isDirectory && await readRecord(join(models, entry.name), entry.name);
      if (record) records.push(record);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return records.sort((a, b) => a.finishedMs - b.finishedMs || a.name.localeCompare(b.name));
}

/** Settings in which two trainings differ, with the clips that they learnt from. */
export function compareSettings(a: RunRecord, b: RunRecord): SettingDifference[] {
  const settings = (record: RunRecord): Map<string, string> =>
    new Map([
      ...clipSettings(record),
      ...flatten(record.manifest.training),
      ...flatten(record.manifest.architecture.parameters, "architecture."),
    ]);
  const [first, second] = [settings(a), settings(b)];
  return [...new Set([...first.keys(), ...second.keys()])].flatMap((setting) => {
    const values = [first.get(setting) ?? "-", second.get(setting) ?? "-"] as const;
    return values[0] === values[1] ? [] : [{ setting, values }];
  });
}

/** Settings in which a training differs from the defaults, such as `epochs 8, mixture.roomShare 0`. */
export function unusualSettings({ manifest }: RunRecord): string {
  const defaults = new Map(flatten(JSON.parse(JSON.stringify(DEFAULT_TRAIN_CONFIG))));
  return flatten(manifest.training)
    .filter(([setting, value]) => defaults.has(setting) && defaults.get(setting) !== value)
    .filter(([setting]) => !OF_THE_BASE.test(setting))
    .map(([setting, value]) => `${setting} ${value}`)
    .join(", ");
}

/** Settings that nobody chooses: they come with the model that a training starts from. */
const OF_THE_BASE = /^(features|architecture)\./;
/** Beyond that many labels, what they are says less than how many clips there are. */
const MAX_LABELS = 6;

function clipSettings({ clips: labels }: RunRecord): [string, string][] {
  if (labels.length > MAX_LABELS) {
    const total = labels.reduce((sum, { clips }) => sum + clips, 0);
    return [["clips", `${total} with ${labels.length} labels`]];
  }
  return labels.map((
    { label, clips, groups },
  ) => [`clips of ${label}`, `${clips} of ${counted(groups, "recording")}`]);
}

async function readRecord(dir: string, name: string): Promise<RunRecord | undefined> {
  const manifestPath = join(dir, "manifest.json");
  const [manifestText, recordText] = await Promise.all(
    [manifestPath, join(dir, "training.json")].map((path) => Deno.readTextFile(path).catch(() => undefined)),
  );
  if (manifestText === undefined || recordText === undefined) return undefined;
  const manifest = manifestSchema.safeParse(parseJson(manifestText));
  const record = RECORD.safeParse(parseJson(recordText));
  if (!manifest.success || !record.success || record.data.epochs.length === 0) return undefined;
  const { metrics } = manifest.data;
  const number = (key: string): number => typeof metrics[key] === "number" ? metrics[key] : NaN;
  const { finished } = record.data;
  // Whoever copies the folder, or checks it out, gives its files another time.
  const finishedMs = finished === undefined
    ? (await Deno.stat(manifestPath)).mtime?.getTime() ?? 0
    : Date.parse(finished);
  let before = 0;
  let lastStep = 0;
  return {
    name,
    dir,
    finishedMs,
    manifest: manifest.data,
    clips: record.data.clips.map(({ label, clips, groups }) => ({ label, clips, groups })),
    points: record.data.epochs.map(({ step, loss, learningRate, validation }) => {
      // Each network counts its steps from the start.
      if (step < lastStep) before += lastStep;
      lastStep = step;
      return {
        step: before + step,
        loss,
        learningRate,
        validationAveragePrecision: validation.averagePrecision,
      };
    }),
    averagePrecision: number("validationAveragePrecision"),
    baseline: number("validationBaseline"),
    seconds: number("seconds"),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nested settings as names with dots; lists stay whole. */
function flatten(value: unknown, prefix = ""): [string, string][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [[prefix.replace(/\.$/, ""), JSON.stringify(value) ?? "-"]];
  }
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, `${prefix}${key}.`));
}
