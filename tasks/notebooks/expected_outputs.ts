/**
 * What each notebook must show when it runs on its demo data.
 *
 * `outputs` lists everything that cells show, in order: a kind (`figure`, `player`, `picture`, `table`, `html`) and, after a
 * blank, how its title or caption begins. A gallery in one piece of HTML counts as each player, picture and table in it. A
 * missing output fails, and so does one more than listed. Text (`showText()`, `console.log()`, values) is passed over but
 * where it is listed: `text Kept` wants a text that begins so, at that place. `deno task notebooks NAME` prints what was
 * shown when it does not agree, to be copied here.
 *
 * A notebook must show the same outputs with small settings (`quick` of `notebooks/demo_data.ts`), with which the tests run it.
 */
export interface NotebookExpectation {
  /** Longest time that a cell may take, in seconds, on two slow cores; with small settings, too. */
  readonly cellSeconds: number;
  readonly outputs: readonly string[];
}

/** By the notebook's name, without its ending. */
export const EXPECTED_OUTPUTS: Readonly<Record<string, NotebookExpectation>> = {};

/** The same output several times: `...times(6, "player Candidate")`. */
export function times(count: number, output: string): string[] {
  return Array.from({ length: count }, () => output);
}
