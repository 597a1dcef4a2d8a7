import assert from "node:assert/strict";
import { runProgram } from "lib/base/system/run_program.ts";
import type { TensorFlow } from "lib/learning/model/tensor_ops.ts";
import { ENGINES, loadEngine, type LoadEngineOptions, NoEngineError } from "lib/learning/train/engine.ts";
import type { EngineLoader } from "lib/learning/train/engines/engine_loader.ts";
import { probeEngine } from "lib/learning/train/engines/engine_probe.ts";
import { tryApart } from "lib/learning/train/engines/try_apart.ts";
import { createFakeClock } from "tests/fake_clock.ts";
import { hasNativeTensorFlow } from "tests/requirements.ts";

const TF = {} as TensorFlow;

function loader(load: () => Promise<TensorFlow>, risky = false): EngineLoader {
  return { isRisky: () => Promise.resolve(risky), load };
}

const works = loader(() => Promise.resolve(TF));
const fails = (why: string): EngineLoader => loader(() => Promise.reject(new Error(why)));

const FAKE: LoadEngineOptions = {
  tryApart: () => Promise.resolve(),
  probe: () => Promise.resolve(),
  clock: createFakeClock(),
};

Deno.test("loadEngine() takes the first engine that works and says of each faster one why not", async () => {
  const loaders = { native: fails("it is not installed\n  at a stack"), webgpu: works, wasm: works };
  const engine = await loadEngine(undefined, { ...FAKE, loaders });
  assert.equal(engine.name, "webgpu");
  assert.deepEqual(engine.reasons, ["native: it is not installed"]);
  assert.equal((await loadEngine("wasm", { ...FAKE, loaders })).name, "wasm");
});

Deno.test("loadEngine() passes over an engine that fails its probe", async () => {
  const tried: TensorFlow[] = [];
  const wrong = {} as TensorFlow;
  const probe = (tf: TensorFlow) => {
    tried.push(tf);
    return tf === wrong ? Promise.reject(new Error("it computes wrongly")) : Promise.resolve();
  };
  const loaders = { native: loader(() => Promise.resolve(wrong)), webgpu: works, wasm: works };
  const engine = await loadEngine(undefined, { ...FAKE, loaders, probe });
  assert.deepEqual([engine.name, engine.reasons], ["webgpu", ["native: it computes wrongly"]]);
  assert.equal(tried.length, 2);
});

Deno.test("loadEngine() gives up an engine that does not answer", async () => {
  const loaders = { native: loader(() => new Promise(() => {})), webgpu: fails("no driver"), wasm: works };
  // The other engines answer at once, before the clock has moved.
  const engine = await loadEngine(undefined, { ...FAKE, loaders, timeoutMs: 5000 });
  assert.equal(engine.name, "wasm");
  assert.deepEqual(engine.reasons, ["native: it did not answer within 10 s", "webgpu: no driver"]);
});

Deno.test("loadEngine() tries an engine with a driver in another process first, and leaves it alone if that fails", async () => {
  const loaded: string[] = [];
  const risky = loader(() => {
    loaded.push("webgpu");
    return Promise.resolve(TF);
  }, true);
  const tried: unknown[] = [];
  const engine = await loadEngine(undefined, {
    ...FAKE,
    loaders: { native: fails("none"), webgpu: risky, wasm: works },
    timeoutMs: 7000,
    tryApart: (name, options) => {
      tried.push([name, options]);
      return Promise.reject(new Error("its driver ended the process"));
    },
  });
  assert.equal(engine.name, "wasm");
  assert.deepEqual(tried, [["webgpu", { anyDevice: false, timeoutMs: 7000 }]]);
  assert.deepEqual(loaded, []);
});

Deno.test("loadEngine() says why none works", async () => {
  const loaders = { native: fails("not installed"), webgpu: fails("no driver"), wasm: fails("no memory") };
  await assert.rejects(
    loadEngine(undefined, { ...FAKE, loaders }),
    (error) =>
      error instanceof NoEngineError &&
      /\(native: not installed; webgpu: no driver; wasm: no memory\)/.test(error.message),
  );
  await assert.rejects(loadEngine("webgpu", { ...FAKE, loaders }), /\(webgpu: no driver\)/);
  assert.deepEqual([...ENGINES], ["native", "webgpu", "wasm"]);
});

Deno.test("probeEngine() accepts the WebAssembly engine and rejects it with a kernel that computes wrongly", async () => {
  const { tf } = await loadEngine("wasm");
  await probeEngine(tf);
  const tensors = tf.memory().numTensors;
  const relu = tf.getKernel("Relu", "wasm");
  const replaceBy = (kernel: typeof relu): void => {
    tf.unregisterKernel("Relu", "wasm");
    tf.registerKernel(kernel);
  };
  replaceBy({ ...relu, kernelFunc: ({ inputs }) => tf.abs(inputs["x"] as ReturnType<TensorFlow["tensor"]>) });
  try {
    await assert.rejects(
      probeEngine(tf),
      /it computes wrongly \(a loss of step 1 is [\d.]+ instead of [\d.]+\)/,
    );
  } finally {
    replaceBy(relu);
  }
  await probeEngine(tf);
  assert.equal(tf.getBackend(), "wasm");
  assert.equal(tf.memory().numTensors, tensors, "leaves no tensors behind");
});

Deno.test("tryApart() gives the reason that another process has found", async () => {
  await tryApart("wasm", { anyDevice: true, timeoutMs: 60_000 });
  await assert.rejects(tryApart("abacus", { anyDevice: true, timeoutMs: 60_000 }), {
    message: '"abacus" is no engine',
  });
  await assert.rejects(tryApart("wasm", { anyDevice: true, timeoutMs: 1 }), {
    message: "its driver did not answer within 0.001 s",
  });
});

Deno.test({
  name: "loadEngine() of native TensorFlow writes nothing to standard error",
  ignore: !(await hasNativeTensorFlow()),
  fn: async () => {
    const program = runProgram(Deno.execPath(), [
      ...["run", "--quiet", "--no-check", "--allow-read", "--allow-env", "--allow-ffi", "--allow-sys"],
      new URL("../../../tasks/setup/try_native_engine.ts", import.meta.url).href,
    ]);
    assert.match(await new Response(program.stdout).text(), /^(CPU|GPU)\n$/);
    assert((await program.status).success);
    if (Deno.build.os !== "windows") assert.equal(program.stderrTail(), "");
  },
});
