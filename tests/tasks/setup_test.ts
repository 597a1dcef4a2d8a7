import assert from "node:assert/strict";
import { createLogger } from "lib/system/logger.ts";
import { createBars } from "tasks/command/progress.ts";
import type { Piece } from "tasks/setup/piece.ts";
import { cudaRequirements } from "tasks/setup/cuda_libraries.ts";
import { findWheelLink, wheelName } from "tasks/setup/python_wheel.ts";
import { formatSetup, runSetup } from "tasks/setup/run_setup.ts";

const context = () => ({
  log: createLogger({ level: "silent", write: () => {} }),
  signal: new AbortController().signal,
  retry: false,
  force: false,
  progress: createBars(false),
});

const WORKS: Piece = {
  name: "works",
  costs: "nothing",
  install: () => Promise.resolve({ state: "installed", detail: "1.0" }),
};
const FAILS: Piece = {
  name: "fails",
  costs: "all is slow",
  install: () => Promise.reject(new Error("no network\nsecond line")),
};

Deno.test("runSetup() goes on after a piece that fails, and formatSetup() says what that costs", async () => {
  const cacheFolder = await Deno.makeTempDir();
  const rows = await runSetup([FAILS, WORKS], context(), { cacheFolder });
  await Deno.remove(cacheFolder, { recursive: true });
  assert.deepEqual(rows.map(({ piece, state }) => [piece, state]), [["fails", "missing"], [
    "works",
    "installed",
  ]]);
  assert.deepEqual(formatSetup(rows).split("\n"), [
    "fails  missing    no network",
    "                  without it: all is slow",
    "works  installed  1.0",
  ]);
});

Deno.test("runSetup() stops when it is interrupted", async () => {
  const controller = new AbortController();
  const interrupted: Piece = {
    ...FAILS,
    install: () => Promise.reject(controller.abort(new Error("interrupted"))),
  };
  let reached = false;
  const next: Piece = {
    ...WORKS,
    install: () => {
      reached = true;
      return WORKS.install(context());
    },
  };
  await assert.rejects(
    runSetup([interrupted, next], { ...context(), signal: controller.signal }),
    /interrupted/,
  );
  assert.ok(!reached);
});

Deno.test("findWheelLink() finds a file in a package index's page, with its address and hash", () => {
  const hash = "a".repeat(64);
  const name = wheelName({
    project: "tensorflow-cpu",
    version: "2.21.0",
    tag: "cp312-cp312-manylinux_2_27_x86_64",
  });
  assert.equal(name, "tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl");
  const page = `<a href="https://files.test/x/other.whl#sha256=${hash}">other</a>
    <a data-x="1" href="../../y/${name}#sha256=${hash}" data-requires-python="&gt;=3.9">${name}</a>`;
  assert.deepEqual(findWheelLink(page, "https://index.test/simple/tensorflow-cpu/", name), {
    url: `https://index.test/y/${name}`,
    sha256: hash,
  });
  assert.throws(() => findWheelLink(page, "https://index.test/simple/x/", "missing.whl"), RangeError);
});

Deno.test("cudaRequirements() reads NVIDIA's packages out of a wheel's metadata, without the compiler", () => {
  const metadata = [
    "Requires-Dist: numpy>=1.26.0",
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    'Requires-Dist: nvidia-cuda-nvcc-cu12<13.0,>=12.5.82; extra == "and-cuda"',
    'Requires-Dist: nvidia-nccl-cu12<3.0,>=2.27.7; extra == "and-cuda"',
    'Requires-Dist: tensorflow-io-gcs-filesystem>=0.23.1; (sys_platform != "win32") and extra == "gcs-filesystem"',
  ].join("\n");
  assert.deepEqual(cudaRequirements(metadata), [
    "nvidia-cublas-cu12<13.0,>=12.5.3.2",
    "nvidia-nccl-cu12<3.0,>=2.27.7",
  ]);
});
