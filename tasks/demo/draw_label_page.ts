/**
 * Draws the labelling page with its first recording at its first candidate. The page waits for its server, so that a
 * browser must really run it.
 *
 *     deno run -A tasks/demo/draw_label_page.ts <address> <picture.png>
 */
import { chromium } from "playwright-core";
import { requireProgram } from "lib/base/system/programs.ts";

/** The pass over the whole recording draws its overview; nothing of the page moves after that. */
const SETTLE_MS = 5000;

const [address = "", path = ""] = Deno.args;
const { path: executablePath } = await requireProgram("chromium");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  await page.goto(new URL("/#recordings", address).href);
  await page.locator("#recordings-list a").first().click();
  await page.waitForSelector("#recording-view[data-drawn]");
  await page.keyboard.press("n");
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path });
} finally {
  await browser.close();
}
