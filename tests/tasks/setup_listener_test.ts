import assert from "node:assert/strict";
import { join } from "node:path";
import { createLogger } from "lib/base/system/logger.ts";
import { openPackage, sha256Hex } from "lib/learning/model_package/open_package.ts";
import { readWeights } from "lib/learning/train/weights_file.ts";
import type { PieceResult } from "tasks/setup/piece.ts";
import { createListenerPiece } from "tasks/setup/listener_piece.ts";
import { formatSetup, runSetup } from "tasks/setup/run_setup.ts";
import { writeTinyYamnet } from "tests/learning/listener/tiny_yamnet.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const FILE = writeTinyYamnet(15);

/** What the server does with each request, in turn; with the last one for all that follow. */
type Answer = "whole" | "breaks off" | "ignores ranges" | "not found" | "page";

/** Serves the file; gives the beginnings of the ranges that were asked for. */
async function withServer(
  answers: readonly Answer[],
  run: (url: string, asked: (string | null)[]) => Promise<void>,
): Promise<void> {
  const asked: (string | null)[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const range = request.headers.get("range");
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(range);
    if (answer === "not found") return new Response("gone", { status: 404 });
    if (answer === "page") return new Response("<html>Please log in</html>");
    const start = answer === "ignores ranges" ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    if (start >= FILE.length) return new Response(null, { status: 416 });
    const rest = FILE.slice(start);
    const headers = {
      "content-length": `${rest.length}`,
      "content-range": `bytes ${start}-${FILE.length - 1}/${FILE.length}`,
    };
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(rest.slice(0, 50_000));
        // So that what was sent has arrived before the connection goes.
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (answer === "breaks off") return controller.error(new Error("cut"));
        controller.enqueue(rest.slice(50_000));
        controller.close();
      },
    });
    return new Response(body, { status: start > 0 ? 206 : 200, headers });
  });
  try {
    await run(`http://127.0.0.1:${server.addr.port}/yamnet.tflite`, asked);
  } finally {
    await server.shutdown();
  }
}

interface Setup {
  readonly url?: string;
  readonly path?: string;
  readonly force?: boolean;
}

/** Sets the listener up in a folder as `deno task setup` does. */
async function setUp(
  folder: string,
  { url, path, force = false }: Setup,
): Promise<PieceResult & { table: string }> {
  const values = { YAMNET_URL: url, YAMNET_PATH: path };
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) Deno.env.delete(name);
    else Deno.env.set(name, value);
  }
  try {
    const piece = createListenerPiece({ folder: join(folder, "listener"), cacheFolder: folder });
    const log = createLogger({ level: "silent", write: () => {} });
    const signal = new AbortController().signal;
    const rows = await runSetup([piece], { log, signal, retry: false, force }, { cacheFolder: folder });
    return { ...rows[0]!, table: formatSetup(rows) };
  } finally {
    for (const name of Object.keys(values)) Deno.env.delete(name);
  }
}

Deno.test("setup downloads the listener, goes on where a connection broke off, and makes a package of it", async () => {
  await withServer(
    ["breaks off", "breaks off", "whole"],
    (url, asked) =>
      inTemporaryFolder(async (folder) => {
        const result = await setUp(folder, { url, force: true });
        assert.deepEqual([result.state, result.detail], ["installed", `knows 521 sounds; from ${url}`]);
        assert.deepEqual(asked, [null, "bytes=50000-", "bytes=100000-"]);
        const { manifest } = await openPackage(join(folder, "listener"));
        assert.equal(manifest.training["sourceSha256"], sha256Hex(FILE));
        assert(manifest.eventNames.includes("burp"));
        assert("layer14/kernel" in await readWeights(join(folder, "listener")));
        const card = await Deno.readTextFile(join(folder, "listener", "MODEL_CARD.md"));
        assert(card.includes(url) && card.includes("Apache-2.0"));
        const again = await setUp(folder, { url: "http://127.0.0.1:1/nobody" });
        assert.equal(again.state, "found");
      }),
  );
});

Deno.test("setup goes on with a download after a restart, and begins anew where the server cannot", async () => {
  await withServer(["breaks off", "not found", "whole"], (url, asked) =>
    inTemporaryFolder(async (folder) => {
      const broken = await setUp(folder, { url, force: true });
      assert.equal(broken.state, "missing");
      assert.match(broken.detail, /answered 404; get the file another way and set YAMNET_PATH to it/);
      assert.equal((await setUp(folder, { url, force: true })).state, "installed");
      assert.deepEqual(asked, [null, "bytes=50000-", "bytes=50000-"]);
    }));
  await withServer(["breaks off", "ignores ranges"], (url) =>
    inTemporaryFolder(async (folder) => {
      assert.equal((await setUp(folder, { url, force: true })).state, "installed");
      await openPackage(join(folder, "listener"));
    }));
});

Deno.test("setup refuses a file that is not the published one unless it is forced, and does without", async () => {
  await withServer(["whole"], (url) =>
    inTemporaryFolder(async (folder) => {
      const refused = await setUp(folder, { url });
      assert.equal(refused.state, "missing");
      assert(refused.detail.includes(`its sha256 is ${sha256Hex(FILE)}`), refused.detail);
      assert.match(refused.table, /--force` takes it all the same\n +without it: find hears only/);
      // Nothing of it is left to go on from.
      const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
      assert.deepEqual(left.filter((name) => name !== "setup.lock"), []);
    }));
  await withServer(["page"], (url) =>
    inTemporaryFolder(async (folder) => {
      const result = await setUp(folder, { url, force: true });
      assert.deepEqual([result.state, result.detail], [
        "missing",
        `${url}: it is not a TensorFlow Lite file`,
      ]);
    }));
});

Deno.test("setup takes the listener from YAMNET_PATH, and keeps the one that is there when the new one is no good", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "mine.tflite");
    await Deno.writeFile(path, FILE);
    assert.equal((await setUp(folder, { path })).state, "missing");
    assert.equal((await setUp(folder, { path, force: true })).state, "installed");
    await Deno.writeFile(path, FILE.slice(0, 9000));
    const damaged = await setUp(folder, { path, force: true });
    assert.deepEqual([damaged.state, damaged.detail], [
      "missing",
      `${path}: it is damaged: it refers to what lies outside of it`,
    ]);
    await openPackage(join(folder, "listener"));
  });
});
