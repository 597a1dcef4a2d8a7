import { join } from "node:path";

/** Whether a text has a wildcard in it. */
export function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}

/**
 * Files that a glob matches, in no particular order: `*` and `?` within a name, `[a-z]` and `[!a-z]`, `{a,b}`, and
 * `**` for any number of folders. Names that begin with a dot match only a pattern that begins with one. Folders that
 * cannot be read match nothing.
 *
 * Deno's own glob, of `node:fs`, wants to read environment variables, which tasks would have to be allowed.
 */
export async function findGlob(pattern: string): Promise<string[]> {
  const files = new Set<string>();
  for (const plain of expandBraces(pattern)) {
    const [root, rest] = splitRoot(Deno.build.os === "windows" ? plain.replaceAll("\\", "/") : plain);
    await walk(root, rest.split("/").filter((segment) => segment !== "" && segment !== "."), files);
  }
  return [...files];
}

async function walk(folder: string, segments: readonly string[], files: Set<string>): Promise<void> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return;
  if (!isGlob(segment)) {
    const path = join(folder, segment);
    if (rest.length > 0) await walk(path, rest, files);
    else if (await isFileAt(path)) files.add(path);
    return;
  }
  if (segment === "**") await walk(folder, rest.length > 0 ? rest : ["*"], files);
  const name = segmentPattern(segment === "**" ? "*" : segment);
  for (const entry of await entriesOf(folder)) {
    if (!name.test(entry.name)) continue;
    const path = join(folder, entry.name);
    // Links to folders are not followed by `**`: they could lead round for ever.
    if (segment === "**") {
      if (entry.isDirectory) await walk(path, segments, files);
    } else if (rest.length > 0) {
      if (!entry.isFile) await walk(path, rest, files);
    } else if (entry.isFile || (entry.isSymlink && await isFileAt(path))) {
      files.add(path);
    }
  }
}

/** One name of a path as a regular expression. */
function segmentPattern(segment: string): RegExp {
  let source = segment.startsWith(".") ? "" : "(?!\\.)";
  for (let i = 0; i < segment.length; i++) {
    const set = /^\[(!?)([^\]]+)\]/.exec(segment.slice(i));
    if (set) {
      const [all, not, members] = set;
      source += `[${not ? "^" : ""}${members!.replace(/[\\^\[]/g, "\\$&")}]`;
      i += all.length - 1;
    } else {
      const character = segment[i]!;
      source += character === "*"
        ? ".*"
        : character === "?"
        ? "."
        : character.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
    }
  }
  try {
    return new RegExp(`^${source}$`, Deno.build.os === "windows" ? "isu" : "su");
  } catch {
    return /(?!)/; // a range such as [z-a]: nothing has such a name
  }
}

/** `a{b,c}d` as `abd` and `acd`; braces without a comma stay as they are. */
function expandBraces(pattern: string): string[] {
  const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(pattern);
  if (!match) return [pattern];
  const [, before, choices, after] = match;
  return choices!.split(",").flatMap((choice) => expandBraces(`${before}${choice}${after}`));
}

function splitRoot(pattern: string): [root: string, rest: string] {
  const root = /^(?:[A-Za-z]:)?\/+/.exec(pattern)?.[0] ?? "";
  return [root === "" ? "." : root, pattern.slice(root.length)];
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return [];
  }
}

async function isFileAt(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}
