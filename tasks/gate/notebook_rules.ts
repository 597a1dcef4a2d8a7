import { isDeepStrictEqual } from "node:util";
import type { Notebook, NotebookCell } from "tasks/gate/notebook.ts";
import { NOTEBOOK_METADATA } from "tasks/setup/kernelspec.ts";

// About ten lines: what a reader takes in at a glance, and some air.
const MAX_LINES = 12;
const KEPT_METADATA = Object.keys(NOTEBOOK_METADATA);
const DISPLAY = "notebooks/display.ts";
const IMPORT = /\bimport\s+(?:\{([^}]*)\}\s*from\s*)?["']([^"']+)["']/g;
const DEFINITION = /^\s*(?:export\s+)?(?:(?:async\s+)?function\b|(?:abstract\s+)?class\b)/m;

/** What is wrong with a notebook as it is to be committed; cells are counted from 1. */
export function notebookProblems(notebook: Notebook): string[] {
  const problems = Object.keys(notebook.metadata)
    .filter((key) => !KEPT_METADATA.includes(key))
    .map((key) => `has the metadata "${key}"; only ${KEPT_METADATA.join(" and ")} may stay`);
  // The language decides whether `deno fmt` formats the cells, the kernel whether they can be interrupted.
  for (const [key, wanted] of Object.entries(NOTEBOOK_METADATA)) {
    if (!isDeepStrictEqual(notebook.metadata[key], wanted)) {
      problems.push(`needs the metadata "${key}": ${JSON.stringify(wanted)}`);
    }
  }
  for (const [i, cell] of notebook.cells.entries()) {
    for (const problem of cellProblems(cell, notebook.cells[i - 1])) {
      problems.push(`cell ${i + 1} ${problem}`);
    }
  }
  return problems;
}

/**
 * The first cell of code is for data, and is what people change: kernels start in the notebook's folder until it imports
 * `display.ts`, and what it holds besides data must not be needed further down.
 */
export function* firstCellProblems({ cells }: Notebook): Generator<string> {
  const number = cells.findIndex(({ type }) => type === "code") + 1;
  if (number === 0) return;
  const { source } = cells[number - 1]!;
  const imports = [...source.matchAll(IMPORT)];
  if (imports[0]?.[2] !== DISPLAY) {
    yield `cell ${number} must import ${DISPLAY} before anything else, which moves to the project's folder`;
  }
  const imported = imports.flatMap(([, names = ""]) => names.split(","))
    .map((name) => name.trim().split(/\s+/).at(-1) ?? "").filter((name) => name !== "");
  for (const [i, cell] of cells.entries()) {
    if (i < number || cell.type !== "code") continue;
    const used = [...imported, "demo", "own"].find((name) =>
      new RegExp(`(?<![.\\w])${name}\\b`).test(cell.source)
    );
    if (used) yield `cell ${i + 1} uses ${used} of cell ${number}, which may be changed or left out there`;
  }
}

function* cellProblems(cell: NotebookCell, previous: NotebookCell | undefined): Generator<string> {
  if (cell.outputs > 0) yield "has outputs; clear them";
  if (cell.executionCount !== null) yield "has an execution count; clear it";
  if (Object.keys(cell.metadata).length > 0) {
    yield `has the metadata ${Object.keys(cell.metadata).join(", ")}`;
  }
  if (cell.type !== "code") return;
  const lines = cell.source.split("\n").filter((line) => line.trim() !== "").length;
  if (lines === 0) yield "is empty";
  if (lines > MAX_LINES) yield `has ${lines} lines of code; at most ${MAX_LINES}, the rest belongs into lib`;
  if (DEFINITION.test(cell.source)) yield "defines a function or class, which belongs into lib";
  if (previous?.type !== "markdown") yield "has no text before it that says what to look for";
}

/** The code of all cells as one module, for the type checker and the linter; each cell begins at a comment that names it. */
export function notebookModule(notebook: Notebook): string {
  const cells = notebook.cells.map((cell, i) =>
    cell.type === "code" ? `// cell ${i + 1}\n${cell.source}\n` : ""
  );
  return `${cells.join("")}export {};\n`;
}
