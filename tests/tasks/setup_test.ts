import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createLogger } from "lib/base/system/logger.ts";
import { createBars } from "tasks/command/progress.ts";
import type { Piece } from "tasks/setup/piece.ts";
import { cudaRequirements } from "tasks/setup/cuda_libraries.ts";
import { downloadWheel, findWheelLink, wheelName } from "tasks/setup/python_wheel.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";
import { formatSetup, runSetup } from "tasks/setup/run_setup.ts";

const context = () => ({
  log: createLogger({ level: "silent", write: () => {} }),
  signal: new AbortController().signal,
  progress: createBars(false),
  retry: false,
  force: false,
});

Deno.test("downloadWheel() tells a bar how many bytes of how many it has", async () => {
  const bytes = new Uint8Array(3_000_000).fill(7);
  const wheel = { project: "sounds", version: "1.0", tag: "py3-none-any" };
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) =>
      request.url.endsWith(".whl")
        ? new Response(bytes, { headers: { "content-length": String(bytes.length) } })
        : new Response(`<a href="/${wheelName(wheel)}#sha256=${sha256}">it</a>`),
  );
  const before = Deno.env.get("PIP_INDEX_URL");
  Deno.env.set("PIP_INDEX_URL", `http://127.0.0.1:${server.addr.port}`);
  const seen: number[] = [];
  let [total, stopped] = [0, false];
  const bar = {
    update: (value: number) => void seen.push(value),
    setTotal: (value: number) => void (total = value),
    stop: () => void (stopped = true),
  };
  try {
    await inTemporaryFolder(async (folder) => {
      const progress = { start: () => Promise.resolve(bar) };
      const path = await downloadWheel(wheel, folder, { ...context(), progress });
      assert.equal((await Deno.stat(path)).size, bytes.length);
      assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), [wheelName(wheel)]);
    });
  } finally {
    if (before === undefined) Deno.env.delete("PIP_INDEX_URL");
    else Deno.env.set("PIP_INDEX_URL", before);
    await server.shutdown();
  }
  assert.deepEqual([seen.at(-1), total, stopped], [bytes.length, bytes.length, true]);
  assert.ok(seen.length > 3, "it moved on the way");
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
