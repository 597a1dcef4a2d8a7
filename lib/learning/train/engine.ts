import { type Clock, systemClock } from "lib/base/system/clock.ts";
import { errorMessage } from "lib/base/system/error_message.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import type { EngineLoader } from "lib/learning/train/engines/engine_loader.ts";
import { probeEngine } from "lib/learning/train/engines/engine_probe.ts";
import { nativeEngine } from "lib/learning/train/engines/native_engine.ts";
import { tryApart, type TryOptions } from "lib/learning/train/engines/try_apart.ts";
import { wasmEngine } from "lib/learning/train/engines/wasm_engine.ts";
import { webgpuEngine } from "lib/learning/train/engines/webgpu_engine.ts";

/** Engines in the order of preference. */
export const ENGINES = ["native", "webgpu", "wasm"] as const;
export type EngineName = (typeof ENGINES)[number];

export const ENGINE_LOADERS: Readonly<Record<EngineName, EngineLoader>> = {
  native: nativeEngine,
  webgpu: webgpuEngine,
  wasm: wasmEngine,
};

/**
 * A TensorFlow.js API that is ready to train. Only one engine of a process is in use at a time: the last loaded. WebGPU gives
 * values asynchronously alone: never call `dataSync()`.
 */
export interface Engine {
  readonly name: EngineName;
  readonly tf: TensorFlow;
  /** Why faster engines are not used, a sentence each. */
  readonly reasons: readonly string[];
}

/** Thrown when no engine can be used; the message says why for each. */
export class NoEngineError extends Error {
  override readonly name = "NoEngineError";
}

/** What `loadEngine()` works with; the defaults are the real ones. */
export interface LoadEngineOptions {
  readonly loaders?: Readonly<Record<EngineName, EngineLoader>>;
  readonly tryApart?: (name: EngineName, options: TryOptions) => Promise<void>;
  readonly probe?: (tf: TensorFlow) => Promise<void>;
  /** Longest time that loading and probing an engine may take. */
  readonly timeoutMs?: number;
  readonly clock?: Clock | undefined;
}

export function isEngineName(name: string | undefined): name is EngineName {
  return ENGINES.some((engine) => engine === name);
}

/**
 * Loads the fastest engine that works here, or the one asked for, which may then be a slow one. Each is probed before it
 * is used, and given up when it takes too long.
 *
 * @throws {NoEngineError} If none works.
 */
export async function loadEngine(wanted?: EngineName, options: LoadEngineOptions = {}): Promise<Engine> {
  const { loaders = ENGINE_LOADERS, timeoutMs = 60_000, clock = systemClock } = options;
  const reasons: string[] = [];
  for (const name of wanted ? [wanted] : ENGINES) {
    const loader = loaders[name];
    const anyDevice = wanted !== undefined;
    const start = async (): Promise<TensorFlow> => {
      if (await loader.isRisky()) await (options.tryApart ?? tryApart)(name, { anyDevice, timeoutMs });
      const tf = await loader.load({ anyDevice });
      await (options.probe ?? probeEngine)(tf);
      return tf;
    };
    try {
      // Trying apart has the same time again, and ends by itself.
      return { name, tf: await within(2 * timeoutMs, start(), clock), reasons };
    } catch (error) {
      reasons.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new NoEngineError(
    `No training engine works here (${
      reasons.join("; ")
    }). Run \`deno task setup\` to install native TensorFlow.`,
  );
}

async function within<T>(limitMs: number, work: Promise<T>, clock: Clock): Promise<T> {
  const done = new AbortController();
  const late = clock.sleep(limitMs, done.signal).then(() => {
    throw new Error(`it did not answer within ${limitMs / 1000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
    // Whichever lost the race has nobody else to tell.
    work.catch(() => {});
    late.catch(() => {});
  }
}

function firstLine(error: unknown): string {
  return errorMessage(error).split("\n")[0]!;
}
