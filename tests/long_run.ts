/**
 * Set, and neither 0 nor false, it makes tests that take samples of something endless (faults, kills, damaged files) take
 * many. `deno task test:long` sets it and runs the files that import this one.
 */
export const LONG_RUN_VARIABLE = "BURP_FINDER_LONG";

/** Whether this is a long run. */
export const longRun: boolean = !["", "0", "false"].includes(Deno.env.get(LONG_RUN_VARIABLE) ?? "");

/** Chooses how much a test does: `scaled({ usual: 4, long: 200 })`. */
export function scaled<T>({ usual, long }: { readonly usual: T; readonly long: T }): T {
  return longRun ? long : usual;
}

/** Writes a figure that a long run measured, on a line of its own; the usual run stays silent. */
export function tellFigure(text: string): void {
  if (longRun) Deno.stdout.writeSync(new TextEncoder().encode(`figure: ${text}\n`));
}
