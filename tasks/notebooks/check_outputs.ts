import type { Shown } from "tasks/notebooks/executed_notebook.ts";

/** Says how what was shown differs from what was expected; nothing when it agrees. */
export function outputProblems(shown: readonly Shown[], expected: readonly string[]): string[] {
  const errors = shown.filter(({ kind }) => kind === "error")
    .map(({ cell, title }) => `cell ${cell} failed: ${title}`);
  if (errors.length > 0) return errors;
  let next = 0;
  for (const output of shown) {
    const wanted = expected[next];
    if (wanted !== undefined && fits(output, wanted)) {
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
