import { runToEnd } from "lib/base/system/run_program.ts";

const OPENERS: Readonly<Partial<Record<typeof Deno.build.os, readonly string[]>>> = {
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Opens an address in the user's browser, if there is one; without, the printed address has to do. */
export function openBrowser(url: string): void {
  const [program = "xdg-open", ...args] = OPENERS[Deno.build.os] ?? [];
  // Not waited for: some of these programs end only with the browser.
  runToEnd(program, [...args, url]).catch(() => {});
}
