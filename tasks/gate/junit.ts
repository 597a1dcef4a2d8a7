/** What `deno test` counted. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Names of the tests that were skipped. */
  readonly skipped: readonly string[];
}

/**
 * Counts the test cases in the JUnit file that `deno test` writes. Steps count as tests of their own.
 *
 * @param filter What `deno test --filter` was given: it reports the tests that it leaves out as skipped.
 */
export function countTests(junit: string, filter?: string): TestCounts {
  const isWanted = createFilter(filter);
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  for (const [, attributes = "", body = ""] of junit.matchAll(/<testcase\b([^>]*)>([^]*?)<\/testcase>/g)) {
    if (/^\s*<skipped\b/.test(body)) {
      const name = unescape(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? "");
      if (isWanted(name)) skipped.push(name);
    } else if (/^\s*<(failure|error)\b/.test(body)) failed += 1;
    else passed += 1;
  }
  return { passed, failed, skipped };
}

/** Text that the name contains, or a regular expression between slashes, as \`deno test\` reads it. */
function createFilter(filter: string | undefined): (name: string) => boolean {
  if (filter === undefined) return () => true;
  const pattern = /^\/(.+)\/$/.exec(filter)?.[1];
  if (pattern === undefined) return (name) => name.includes(filter);
  const expression = new RegExp(pattern);
  return (name) => expression.test(name);
}

function unescape(text: string): string {
  const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replaceAll(/&(\w+);/g, (entity, name) => characters[name] ?? entity);
}
