import assert from "node:assert/strict";
import { pictureElement, playerElement, tableElement } from "lib/show/report/output_elements.ts";
import { hollowOutputs, listOutputs, outputProblems } from "tasks/notebooks/check_outputs.ts";
import { cleanNotebook } from "tasks/notebooks/clean_notebook.ts";
import { parseExecutedNotebook, shownOutputs } from "tasks/notebooks/executed_notebook.ts";
import { withFigures } from "tasks/notebooks/notebook_page.ts";
import { parseNotebook } from "tasks/gate/notebook.ts";
import { firstCellProblems, notebookProblems } from "tasks/gate/notebook_rules.ts";
import { kernelspec } from "tasks/setup/kernelspec.ts";

const figure = (text: string) => ({
  output_type: "display_data",
  data: { "application/vnd.plotly.v1+json": { data: [], layout: { title: { text } } }, "text/plain": "" },
});
const html = (text: string) => ({ output_type: "display_data", data: { "text/html": text } });

function notebook(outputs: readonly unknown[]) {
  const cells = [
    { cell_type: "markdown", source: ["# Title"], metadata: {} },
    { cell_type: "code", source: "1", metadata: { collapsed: true }, execution_count: 4, outputs },
  ];
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { widgets: {} }, cells });
}

const shownBy = (...outputs: readonly unknown[]) => shownOutputs(parseExecutedNotebook(notebook(outputs)));

const gallery = playerElement(new Float32Array(8), { sampleRate: 8000, title: "First & last" }).text +
  pictureElement(new Uint8Array(4), "Second").text +
  tableElement({ title: "Third", columns: ["a"], rows: [[1]] }).text;

Deno.test("shownOutputs() names what a reader sees, each part of a gallery by itself", () => {
  const shown = shownBy(
    figure("A figure"),
    html(gallery),
    html("<p>plain <b>text</b></p>"),
    { output_type: "stream", name: "stdout", text: ["one\n", "two\n"] },
    { output_type: "error", ename: "Error", evalue: "broken" },
  );
  assert.deepEqual(shown.map(({ cell, kind, title }) => `${cell} ${kind} ${title}`), [
    "2 figure A figure",
    "2 player First &amp; last",
    "2 picture Second",
    "2 table Third",
    "2 html plain text",
    "2 text one\ntwo\n",
    "2 error Error: broken",
  ]);
});

Deno.test("outputProblems() finds what is missing, what is too much, and what failed", () => {
  const text = { output_type: "stream", text: "Kept it" };
  const shown = shownBy(figure("Training of burp"), text, html(gallery));
  const all = ["figure Training", "text Kept", "player First", "picture", "table Third"];
  assert.deepEqual(outputProblems(shown, all), []);
  assert.deepEqual(outputProblems(shown, all.filter((output) => output !== "text Kept")), []);
  assert.deepEqual(outputProblems(shown, [...all, "figure Last"]), ['"figure Last" is missing']);
  assert.match(outputProblems(shown, all.slice(0, -1))[0]!, /cell 2 shows "table Third" where nothing more/);
  assert.match(outputProblems(shown, ["figure Other"])[0]!, /"figure Training of burp" where "figure Other"/);
  assert.match(outputProblems(shown, all.toSpliced(1, 1, "text Lost"))[0]!, /where "text Lost" is expected/);
  const failed = shownBy({ output_type: "error", ename: "Error", evalue: "broken" });
  assert.deepEqual(outputProblems(failed, []), ["cell 2 failed: Error: broken"]);
  assert.deepEqual(listOutputs(shown).slice(0, 2), [
    '"figure Training of burp"',
    '"player First &amp; last"',
  ]);
});

Deno.test("outputProblems() finds values that nobody asked for, hollowOutputs() tables that have lost their rows", () => {
  const value = { output_type: "execute_result", execution_count: 1, data: { "text/plain": "42" } };
  assert.match(outputProblems(shownBy(value), [])[0]!, /cell 2 prints the value of its last statement.*: 42/);
  const table = (...rows: number[]) =>
    shownBy(html(tableElement({ title: "Found", columns: ["a"], rows: rows.map((row) => [row]) }).text));
  assert.deepEqual(hollowOutputs(table(1, 2), table(3)), []);
  assert.deepEqual(hollowOutputs(table(), table()), []);
  assert.match(hollowOutputs(table(1, 2), table())[0]!, /cell 2: "Found" is empty, unlike in the first run/);
});

Deno.test("the gate refuses a first cell without display.ts, and cells that need more of it than its data", () => {
  const problemsOf = (...sources: string[]) => {
    const cells = sources.flatMap((source) => [{ cell_type: "markdown", source: "Look.", metadata: {} }, {
      cell_type: "code",
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    }]);
    const text = cleanNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
    return [...firstCellProblems(parseNotebook(text))];
  };
  const first = (names: string) =>
    `import { ${names} } from "notebooks/display.ts";\nconst a = "data/a.wav";`;
  assert.deepEqual(problemsOf(first("showSettings"), "await play(a);"), []);
  assert.match(problemsOf(`const a = "data/a.wav";`)[0]!, /cell 2 must import notebooks\/display.ts before/);
  const late = `import { demo } from "notebooks/demo_data.ts";\n${first("showSettings")}`;
  assert.match(problemsOf(late)[0]!, /before anything else/);
  assert.match(problemsOf(first("showText as show"), "await show(a);")[0]!, /cell 4 uses show of cell 2/);
  assert.match(problemsOf(first("showText"), "if (demo) a;")[0]!, /cell 4 uses demo of cell 2/);
});

Deno.test("cleanNotebook() leaves what the gate passes", () => {
  const clean = cleanNotebook(notebook([figure("A figure")]));
  assert.deepEqual(notebookProblems(parseNotebook(clean)), []);
  assert.match(clean, /"# Title"/);
  assert.equal(cleanNotebook(clean), clean);
  assert.throws(() => cleanNotebook("[]"), SyntaxError);
});

Deno.test("withFigures() turns figures into HTML that names like </script> cannot break", () => {
  const page = withFigures(parseExecutedNotebook(notebook([figure("</script>"), figure("two")])));
  const outputs = page.cells[1]!.outputs!.map(({ data }) => String(data!["text/html"]));
  assert.match(outputs[0]!, /^<div id="figure-1"/);
  assert.equal(outputs[0]!.match(/<\/script>/g)?.length, 1);
  assert.match(outputs[1]!, /data-figure="figure-2"/);
});

Deno.test("kernelspec() lets signals reach the cell instead of ending the kernel, where there are signals", () => {
  const linux = kernelspec("/opt/deno", "linux");
  assert.equal(linux["interrupt_mode"], "signal");
  assert.deepEqual((linux["argv"] as string[]).slice(0, 2), ["/bin/sh", "-c"]);
  assert.match((linux["argv"] as string[])[2]!, /^trap '' INT\n[^]*\nexec "\$@"$/);
  assert.equal((kernelspec("deno.exe", "windows")["argv"] as string[])[0], "deno.exe");
});
