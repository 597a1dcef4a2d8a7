import assert from "node:assert/strict";
import { parseNotebook } from "tasks/gate/notebook.ts";
import { notebookModule, notebookProblems } from "tasks/gate/notebook_rules.ts";
import { NOTEBOOK_METADATA } from "tasks/setup/kernelspec.ts";

const METADATA = NOTEBOOK_METADATA;
const text = (source: string) => ({ cell_type: "markdown", metadata: {}, source });
const code = (source: string | string[], more: Record<string, unknown> = {}) => ({
  cell_type: "code",
  metadata: {},
  outputs: [],
  execution_count: null,
  source,
  ...more,
});

const problemsOf = (cells: unknown[], metadata: unknown = METADATA) =>
  notebookProblems(parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells })));

Deno.test("notebookProblems() finds nothing wrong with a clean notebook", () => {
  assert.deepEqual(problemsOf([text("Look at x."), code(["const x = 1;\n", "x"])]), []);
});

Deno.test("notebookProblems() names what must not be committed", () => {
  const cases: [unknown[], RegExp][] = [
    [[text("a"), code("1", { outputs: [{}] })], /^cell 2 has outputs/],
    [[text("a"), code("1", { execution_count: 3 })], /^cell 2 has an execution count/],
    [[text("a"), code("1", { metadata: { collapsed: true } })], /^cell 2 has the metadata collapsed/],
    [[text("a"), code("1\n".repeat(13))], /^cell 2 has 13 lines/],
    [[text("a"), code("async function f() {}")], /^cell 2 defines a function/],
    [[text("a"), code("class A {}")], /^cell 2 defines a function or class/],
    [[text("a"), code(" ")], /^cell 2 is empty/],
    [[code("1")], /^cell 1 has no text before it/],
    [[text("a"), code("1"), code("2")], /^cell 3 has no text before it/],
  ];
  for (const [cells, pattern] of cases) {
    const problems = problemsOf(cells);
    assert.equal(problems.length, 1, problems.join("; "));
    assert.match(problems[0]!, pattern);
  }
  assert.match(problemsOf([], { ...METADATA, widgets: {} })[0]!, /metadata "widgets"/);
  assert.deepEqual(problemsOf([], {}).map((problem) => /"(\w+)"/.exec(problem)?.[1]), [
    "kernelspec",
    "language_info",
  ]);
  assert.match(
    problemsOf([], { ...METADATA, kernelspec: { name: "deno" } })[0]!,
    /"kernelspec": .*burp-finder/,
  );
});

Deno.test("notebookModule() joins the code of all cells, and leaves the text out", () => {
  const notebook = parseNotebook(
    JSON.stringify({
      nbformat: 4,
      metadata: {},
      cells: [text("words"), code("const x = 1;"), text("b"), code("x;")],
    }),
  );
  assert.equal(notebookModule(notebook), "// cell 2\nconst x = 1;\n// cell 4\nx;\nexport {};\n");
});

Deno.test("parseNotebook() rejects what is no notebook", () => {
  assert.throws(() => parseNotebook("{"), SyntaxError);
  assert.throws(() => parseNotebook("[]"), SyntaxError);
  assert.throws(() => parseNotebook('{"nbformat":4,"cells":[{"cell_type":"heading"}]}'), SyntaxError);
});
