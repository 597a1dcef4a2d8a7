import type { Background } from "lib/learning/dataset/background.ts";
import { type Batch, type BatchConfig, makeBatch } from "lib/learning/dataset/batch.ts";
import type { Clip } from "lib/learning/dataset/clip.ts";
import type { ClipPools } from "lib/learning/dataset/mixture.ts";
import { isStored, openStored, type SamplePlace } from "lib/media/audio/stored_samples.ts";

/** Makes numbered batches ahead of their use, on threads of their own, so that the network never waits for sound. */
export interface BatchSource {
  /** Batch number `index`; equal to what `makeBatch()` gives for it. */
  batch(index: number): Promise<Batch>;
  /**
   * From batch `from` on, negatives are drawn with this hardness.
   * @throws {RangeError} If that batch may have been made already.
   */
  setHardness(hardness: Float32Array, from: number): void;
  close(): void;
}

/** Clips whose samples lie in one shared buffer, so that threads get them without a copy, or in files. */
interface SharedPools {
  readonly buffer: SharedArrayBuffer;
  readonly positives: readonly (readonly SharedClip[])[];
  readonly negatives: readonly SharedClip[];
  /** Lies in a shared buffer of its own. */
  readonly background: Background | undefined;
}

interface SharedClip {
  readonly clip: Omit<Clip, "samples">;
  /** Where its samples are: in the shared buffer, counted in samples, or in a file. */
  readonly place: SamplePlace | { readonly start: number; readonly end: number };
}

/** First message to a thread. */
export interface BatchWorkerStart {
  readonly pools: SharedPools;
  readonly config: BatchConfig;
  readonly seed: string | number;
}

/** How hard the negatives are from some batch on. */
export interface HardnessChange {
  readonly hardness: Float32Array;
  readonly from: number;
}

/** What a thread is sent after its start: the number of a batch to make, or a change. */
export type BatchWorkerRequest = number | HardnessChange;

/** A thread's answer to a batch number. */
export type BatchWorkerAnswer =
  | "ready"
  | { readonly index: number; readonly batch: Batch }
  | { readonly index: number; readonly error: string };

export function createBatchSource(
  pools: ClipPools,
  config: BatchConfig,
  { seed, threads = 1, ahead = 2 * threads + 1, last = Infinity }: {
    readonly seed: string | number;
    /** 0 makes batches when they are asked for, on this thread. */
    readonly threads?: number | undefined;
    /** How many batches are made ahead. */
    readonly ahead?: number;
    /** Number of the last batch that will be asked for. */
    readonly last?: number;
  },
): BatchSource {
  if (threads === 0) {
    const changes: HardnessChange[] = [];
    return {
      batch: (index) =>
        Promise.resolve(makeBatch(withHardness(pools, changes, index), config, { seed, index })),
      setHardness: (hardness, from) => void changes.push({ hardness, from }),
      close: () => {},
    };
  }
  const waiting = new Map<number, PromiseWithResolvers<Batch>>();
  const shared = sharePools(pools);
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL("./batch_worker.ts", import.meta.url), { type: "module" });
    const queued: BatchWorkerRequest[] = [];
    let ready = false;
    worker.onmessage = ({ data }: MessageEvent<BatchWorkerAnswer>): void => {
      if (data === "ready") {
        // Sent earlier it could be lost: the thread listens only once its imports are there.
        const start: BatchWorkerStart = { pools: shared, config, seed };
        worker.postMessage(start);
        for (const request of queued.splice(0)) worker.postMessage(request);
        ready = true;
        return;
      }
      const promise = waiting.get(data.index);
      if ("batch" in data) promise?.resolve(data.batch);
      else promise?.reject(new Error(data.error));
    };
    worker.onerror = (event): void => {
      event.preventDefault();
      for (const promise of waiting.values()) {
        promise.reject(new Error(`Making batches failed: ${event.message}`));
      }
    };
    return {
      terminate: (): void => worker.terminate(),
      request: (request: BatchWorkerRequest): void => {
        if (ready) worker.postMessage(request);
        else queued.push(request);
      },
    };
  });
  let furthest = -1;
  const request = (index: number): void => {
    if (index > last || waiting.has(index)) return;
    furthest = Math.max(furthest, index);
    const promise = Promise.withResolvers<Batch>();
    // A batch made ahead may fail before anybody waits for it.
    promise.promise.catch(() => {});
    waiting.set(index, promise);
    workers[index % threads]!.request(index);
  };
  return {
    async batch(index) {
      for (let k = 0; k <= ahead; k++) request(index + k);
      const batch = await waiting.get(index)!.promise;
      waiting.delete(index);
      return batch;
    },
    setHardness(hardness, from) {
      if (from <= furthest) throw new RangeError(`Batch ${from} is under way already, with another hardness`);
      for (const worker of workers) worker.request({ hardness, from });
    },
    close() {
      for (const worker of workers) worker.terminate();
    },
  };
}

/** The pools as batch `index` sees them. */
export function withHardness(pools: ClipPools, changes: readonly HardnessChange[], index: number): ClipPools {
  const change = changes.findLast(({ from }) => from <= index);
  return change ? { ...pools, hardness: change.hardness } : pools;
}

function sharePools(pools: ClipPools): SharedPools {
  const all = [...pools.positives.flat(), ...pools.negatives];
  const buffer = new SharedArrayBuffer(
    4 * all.reduce((sum, { samples }) => sum + (isStored(samples) ? 0 : samples.length), 0),
  );
  const samples = new Float32Array(buffer);
  let at = 0;
  const share = ({ samples: own, ...clip }: Clip): SharedClip => {
    if (isStored(own)) return { clip, place: own.place };
    samples.set(own.subarray(), at);
    return { clip, place: { start: at, end: at += own.length } };
  };
  return {
    buffer,
    positives: pools.positives.map((clips) => clips.map(share)),
    negatives: pools.negatives.map(share),
    background: pools.background,
  };
}

/** The pools that a thread sees: views into the shared buffer and into files. */
export function openSharedPools({ buffer, positives, negatives, background }: SharedPools): ClipPools {
  const open = ({ clip, place }: SharedClip): Clip => ({
    ...clip,
    samples: "path" in place
      ? openStored(place)
      : new Float32Array(buffer, 4 * place.start, place.end - place.start),
  });
  return { positives: positives.map((clips) => clips.map(open)), negatives: negatives.map(open), background };
}
