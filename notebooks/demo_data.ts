/** What notebooks do on demo data; `deno task notebooks` sets both variables. */

/**
 * Whether the notebooks run as a check of themselves, which wants small settings, or for a reader.
 * Use it for numbers alone, as in `const epochs = quick ? 2 : 12`: both must go the same way.
 */
export const quick: boolean = (Deno.env.get("NOTEBOOKS_QUICK") ?? "") !== "";

/**
 * Folder for what a notebook makes of demo data: `data/demo/<name>`, and an empty one of its own in a headless run.
 * What is in it may be deleted at any time.
 */
export function demoFolder(name: string): string {
  return `${Deno.env.get("NOTEBOOKS_FOLDER") || "data/demo"}/${name}`;
}
