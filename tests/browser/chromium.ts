import { type Browser, type BrowserContext, chromium, type ConsoleMessage, type Page } from "playwright-core";
import { dirname } from "node:path";
import { requireProgram } from "lib/base/system/programs.ts";

/** A page in a real Chromium, and what went on in it. */
export interface BrowserPage {
  readonly page: Page;
  /** Warnings and errors of the console, and uncaught exceptions. */
  readonly complaints: readonly string[];
  /** Addresses that were asked for, without `data:` and `blob:`. */
  readonly requests: readonly string[];
}

/** How the page is shown. */
export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  /** Shown as on a telephone: touched, and as wide as the page asks for. */
  readonly isPhone?: boolean;
  /** Keeps the page from reaching any network; on by default. */
  readonly offline?: boolean;
}

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Sounds are to be played by scripts here, without a sound card.
  "--autoplay-policy=no-user-gesture-required",
  "--mute-audio",
];

/** Where pictures of pages are kept for people to look at. */
export const SCREENSHOTS = "data/reports/screenshots";

/** Starts Chromium with a fresh profile for the time of `use`. */
export async function withBrowser<Result>(use: (browser: Browser) => Promise<Result>): Promise<Result> {
  const program = await requireProgram("chromium");
  const browser = await chromium.launch({ executablePath: program.path, headless: true, args: FLAGS });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** Opens an address for the time of `use` and records what the page complains of and asks for. */
export async function withPage<Result>(
  browser: Browser,
  address: string | URL,
  use: (opened: BrowserPage) => Promise<Result>,
  options: PageOptions = {},
): Promise<Result> {
  const { width = 1280, height = 900, colorScheme = "light", offline = true, isPhone = false } = options;
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    offline,
    isMobile: isPhone,
    hasTouch: isPhone,
  });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message: ConsoleMessage) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error: Error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
    });
    await page.goto(String(address));
    return await use({ page, complaints, requests });
  } finally {
    await context.close();
  }
}

/** Keeps a picture of the page under {@link SCREENSHOTS}. */
export async function keepScreenshot(
  page: Page,
  name: string,
  options: { fullPage?: boolean } = {},
): Promise<void> {
  const path = `${SCREENSHOTS}/${name}.png`;
  await Deno.mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, ...options });
}
