import assert from "node:assert/strict";
import { join } from "node:path";
import { findLongTests, findTestFiles } from "tasks/gate/test_files.ts";

Deno.test("findTestFiles() lists tests and files with examples, those that need all permissions apart", async () => {
  const root = await Deno.makeTempDir();
  try {
    const files = {
      "lib/a/plain.ts": "export {};",
      "lib/a/example.ts": "/**\n * ```ts\n * f();\n * ```\n */",
      "tests/media/audio/ffmpeg_decoder_test.ts": "",
      "tests/media/audio/x_test.ts": "",
      "tests/media/audio/fixture.ts": "",
      "tests/media/audio/x_test.json": "",
    };
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(join(root, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    assert.deepEqual(await findTestFiles(["lib", "tests"], root), {
      restricted: ["lib/a/example.ts", "tests/media/audio/x_test.ts"],
      unrestricted: ["tests/media/audio/ffmpeg_decoder_test.ts"],
    });
    assert.deepEqual(await findTestFiles(["lib/a/plain.ts"], root), {
      restricted: ["lib/a/plain.ts"],
      unrestricted: [],
    });
    await assert.rejects(findTestFiles(["nowhere"], root), Deno.errors.NotFound);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("findLongTests() lists the tests that ask whether the run is a long one", async () => {
  const root = await Deno.makeTempDir();
  try {
    const asks = 'import { scaled } from "tests/long_run.ts";';
    for (const [name, text] of [["a_test.ts", asks], ["b_test.ts", ""], ["c.ts", asks]] as const) {
      await Deno.mkdir(join(root, "tests", "x"), { recursive: true });
      await Deno.writeTextFile(join(root, "tests", "x", name), text);
    }
    assert.deepEqual(await findLongTests(["tests", "tests/x"], root), ["tests/x/a_test.ts"]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
