import type { Shown } from "tasks/notebooks/executed_notebook.ts";

/** Says how what was shown differs from what was expected; nothing when it agrees. */
export function outputProblems(shown: readonly Shown[], expected: readonly string[]): string[] {
  const errors = shown.filter(({ kind }) => kind === "error")
    .map(({ cell, title }) => `cell ${cell} failed: ${title}`);
  if (errors.length > 0) return errors;
  let next = 0;
  for (const output of shown) {
    const wanted = expected[next];
    if (output.kind === "value") {
      return [
        `cell ${output.cell} prints the value of its last statement, which nobody asked for: ${
          output.title.slice(0, 60)
        }`,
      ];
    } else if (wanted !== undefined && fits(output, wanted)) {
      next++;
    } else if (output.kind !== "text") {
      return [
        `cell ${output.cell} shows "${describe(output)}" where ${
          wanted === undefined ? "nothing more" : `"${wanted}"`
        } is expected`,
      ];
    }
  }
  return expected.slice(next).map((wanted) => `"${wanted}" is missing`);
}

/** Says which tables have lost all of their rows, though the first run had some: work must not look done and gone. */
export function hollowOutputs(first: readonly Shown[], again: readonly Shown[]): string[] {
  const tables = (shown: readonly Shown[]) => shown.filter(({ kind }) => kind === "table");
  const before = tables(first);
  return tables(again).flatMap(({ cell, rows }, index) => {
    const earlier = before[index];
    return rows === 0 && earlier?.rows
      ? [`cell ${cell}: "${earlier.title}" is empty, unlike in the first run`]
      : [];
  });
}

/** What was shown as lines that `expected_outputs.ts` can hold; text is left out. */
export function listOutputs(shown: readonly Shown[]): string[] {
  return shown.filter(({ kind }) => kind !== "text").map((output) => JSON.stringify(describe(output)));
}

function fits({ kind, title }: Shown, wanted: string): boolean {
  const [wantedKind, ...words] = wanted.split(" ");
  return kind === wantedKind && title.startsWith(words.join(" "));
}

function describe({ kind, title }: Shown): string {
  return `${kind} ${title.length > 60 ? title.slice(0, 60) : title}`.trim();
}
