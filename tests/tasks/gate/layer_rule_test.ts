import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import plugin from "tasks/gate/layer_rule.ts";
import { LAYERS } from "tasks/gate/layers.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const problems = (file: string, source: string) =>
  Deno.lint.runPlugin(plugin, ROOT + file, source).map((diagnostic) => diagnostic.message);

function assertCaught(file: string, source: string, pattern: RegExp): void {
  const found = problems(file, source);
  assert.equal(found.length, 1, `${file}: ${source}: ${found.join("; ")}`);
  assert.match(found[0]!, pattern);
}

Deno.test("the layer rule catches imports against the table, in every form of import", () => {
  const forms = [
    'import { a } from "lib/learning/train/fit.ts";',
    'import type { A } from "lib/learning/train/fit.ts";',
    'import "lib/learning/train/fit.ts";',
    'export { a } from "lib/learning/train/fit.ts";',
    'export * from "lib/learning/train/fit.ts";',
    'const a = await import("lib/learning/train/fit.ts");',
    'type A = import("lib/learning/train/fit.ts").A;',
    'import { a } from "../train/fit.ts";',
  ];
  for (const form of forms) {
    assertCaught(
      "lib/learning/detect/x.ts",
      form,
      /lib\/learning\/detect may not import lib\/learning\/train; it may import/,
    );
  }
});

Deno.test("the layer rule lets pass what the table allows", () => {
  assert.deepEqual(
    problems("lib/learning/detect/x.ts", 'import { a } from "lib/media/audio/wav_reader.ts";'),
    [],
  );
  assert.deepEqual(
    problems("lib/learning/detect/x.ts", 'import { a } from "lib/learning/detect/smooth.ts";'),
    [],
  );
  assert.deepEqual(problems("lib/learning/detect/x.ts", 'import { a } from "./smooth.ts";'), []);
  assert.deepEqual(problems("lib/learning/detect/x.ts", 'import { join } from "node:path";'), []);
  assert.deepEqual(problems("tasks/train.ts", 'import { a } from "lib/learning/train/fit.ts";'), []);
  assert.deepEqual(
    problems("tests/learning/detect/x_test.ts", 'import { a } from "lib/learning/train/fit.ts";'),
    [],
  );
});

Deno.test("the layer rule keeps lib from tasks, tests and notebooks, and from folders outside the table", () => {
  for (const top of ["tasks", "tests", "notebooks"]) {
    assertCaught("lib/media/audio/x.ts", `import "${top}/x.ts";`, new RegExp(`lib may not import ${top}`));
  }
  assertCaught("lib/media/audio/x.ts", 'import "../../../tests/x.ts";', /lib may not import tests/);
  assertCaught("lib/utils/x.ts", 'import "node:path";', /lib\/utils is not in the import table/);
});

Deno.test("the layer rule keeps packages in their one place", () => {
  const cases = [
    ["onnxruntime-node", "learning/detect", "learning/train"],
    ["onnxruntime-web/wasm", "learning/detect", "learning/evaluate"],
    ["@tensorflow/tfjs-node-gpu", "learning/train", "learning/detect"],
    ["@tensorflow/tfjs", "learning/model", "work/bot"],
    ["tmi.js", "media/platforms/twitch", "work/bot"],
    ["node:child_process", "base/system", "media/audio"],
  ] as const;
  for (const [name, right, wrong] of cases) {
    assert.deepEqual(problems(`lib/${right}/x.ts`, `import * as a from "${name}";`), []);
    assertCaught(`lib/${wrong}/x.ts`, `import * as a from "${name}";`, /may be imported in lib\//);
    assertCaught("tasks/x.ts", `await import("${name}");`, /may be imported in lib\//);
    assert.deepEqual(problems("tests/x_test.ts", `import * as a from "${name}";`), []);
  }
});

Deno.test("the layer rule keeps globals in their one place", () => {
  assertCaught("lib/media/audio/x.ts", 'new Deno.Command("ffmpeg");', /Deno\.Command may not be used here/);
  assertCaught("tasks/x.ts", 'new Deno.Command("ffmpeg");', /Deno\.Command may not be used here/);
  assert.deepEqual(problems("lib/base/system/x.ts", 'new Deno.Command("ffmpeg");'), []);
  assertCaught("lib/base/system/x.ts", "Deno.exit(1);", /throw an error/);
  assertCaught("lib/show/plots/x.ts", "Deno.jupyter.display({});", /Deno\.jupyter/);
  assertCaught("lib/show/plots/x.ts", 'console.log("x");', /lib prints nothing/);
  assert.deepEqual(problems("tasks/x.ts", "Deno.exit(1);"), []);
});

Deno.test("the import table has no circles and names only its own folders", () => {
  const order = Object.keys(LAYERS);
  for (const [folder, allowed] of Object.entries(LAYERS)) {
    for (const other of allowed) {
      assert.ok(order.includes(other), `${folder} imports the unknown folder ${other}`);
      assert.ok(
        order.indexOf(other) < order.indexOf(folder),
        `${folder} comes before ${other}, which it imports`,
      );
    }
  }
});
