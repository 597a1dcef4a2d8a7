import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import {
  type LabelLedger,
  type LedgerFile,
  type NewLabel,
  openLedger,
} from "lib/learning/dataset/label_ledger.ts";
import { writeWav } from "lib/media/audio/wav_writer.ts";
import type { ReviewOptions } from "lib/work/review/open_review.ts";
import { type RunningLabeler, startLabeler } from "lib/web/pages/start_labeler.ts";

/** A labeler on a project folder of its own. */
export interface TestLabeler {
  readonly root: string;
  readonly data: string;
  readonly ledger: LedgerFile;
  /** Host and port. */
  readonly host: string;
  readonly port: number;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  json<T>(path: string): Promise<T>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Stops the server as if it were killed between two requests, and starts another one on the same folder. */
  restart(): Promise<void>;
}

/** Name of a tab. */
export const TAB = "tab-number-one";

/** Runs a labeler for the time of `use`; `prepare` fills its folder before it starts. */
export async function withLabeler(
  prepare: (data: string, ledger: LabelLedger) => Promise<void>,
  use: (labeler: TestLabeler) => Promise<void>,
  options: Partial<ReviewOptions> = {},
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "labeler-" });
  const data = join(root, "data");
  await Deno.mkdir(data);
  const ledger = openLedger(join(data, "labels.jsonl"));
  await prepare(data, ledger);
  const errors: string[] = [];
  const start = () =>
    startLabeler({
      ledger: ledger.path,
      clipsFolder: join(data, "clips"),
      foundFolder: join(data, "found"),
      vodsFolder: join(data, "vods"),
      cacheFolder: join(root, ".cache"),
      source: "ledger",
      onError: (message) => errors.push(message),
      ...options,
    });
  let running: RunningLabeler = await start();
  const address = () => new URL(running.url).origin;
  const get = (path: string, headers: Record<string, string> = {}) => fetch(address() + path, { headers });
  try {
    await use({
      root,
      data,
      ledger,
      get,
      get host() {
        return new URL(address()).host;
      },
      get port() {
        return Number(new URL(address()).port);
      },
      json: async (path) => {
        const response = await get(path);
        const value = await response.json();
        if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value)}`);
        return value;
      },
      post: (path, body, headers = {}) =>
        fetch(address() + path, {
          method: "POST",
          headers: { "content-type": "application/json", origin: address(), ...headers },
          body: JSON.stringify(body),
        }),
      restart: async () => {
        await running.close();
        running = await start();
      },
    });
    if (errors.length > 0) throw new Error(`the server complained: ${errors.join("\n")}`);
  } finally {
    await running.close();
    await Deno.remove(root, { recursive: true });
  }
}

/** Writes noise of some seconds. */
export async function writeNoise(path: string, seconds = 1, seed = path): Promise<void> {
  const random = createRandom(seed);
  const samples = Float32Array.from({ length: seconds * 16_000 }, () => random.uniform(-0.3, 0.3));
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await writeWav(path, samples, { sampleRate: 16_000 });
}

/** Enters clips of a harvest that nobody has decided on. */
export async function addCandidates(data: string, ledger: LabelLedger, count: number): Promise<void> {
  const labels: NewLabel[] = [];
  for (let i = 0; i < count; i++) {
    const path = join(data, `clips/burp-candidates/1746376348_${i}.wav`);
    await writeNoise(path);
    labels.push({
      recording: "1746376348",
      onset: 100 * i + 0.3,
      offset: 100 * i + 0.8,
      label: "unsure",
      source: { kind: "chat", name: "harvest", command: "!burp" },
      clip: ledger.clipName(path),
      provenance: {
        event: "burp",
        clipStart: 100 * i,
        modelScore: 0.7654,
        mention: { time: 5, count: 3 },
        delay: 4.2,
      },
    });
  }
  await ledger.append(labels);
}
