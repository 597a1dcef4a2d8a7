/** What `deno test` counted. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Names of the tests that were skipped. */
  readonly skipped: readonly string[];
}

/** Counts the test cases in the JUnit file that `deno test` writes. Steps count as tests of their own. */
export function countTests(junit: string): TestCounts {
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  for (const [, attributes = "", body = ""] of junit.matchAll(/<testcase\b([^>]*)>([^]*?)<\/testcase>/g)) {
    if (/^\s*<skipped\b/.test(body)) skipped.push(unescape(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? ""));
    else if (/^\s*<(failure|error)\b/.test(body)) failed += 1;
    else passed += 1;
  }
  return { passed, failed, skipped };
}

function unescape(text: string): string {
  const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replaceAll(/&(\w+);/g, (entity, name) => characters[name] ?? entity);
}
