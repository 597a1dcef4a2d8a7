import { createRequire } from "node:module";
import type { Page } from "playwright-core";

/** What axe finds wrong with a page as it is now: WCAG 2.2 A and AA, and good practice. One line for each element. */
export async function axeProblems(page: Page): Promise<string[]> {
  const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  // Evaluated by the browser's own tools: the page's security policy stays as it is.
  await page.evaluate(await Deno.readTextFile(path));
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<
          { violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }
        >;
      };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary = "" }) =>
        `${id}: ${help}: ${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`
      )
    );
  });
}
