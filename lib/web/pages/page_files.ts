import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { SHARED_MODULES } from "lib/web/pages/api.ts";
import { HttpProblem } from "lib/web/pages/http_problem.ts";

/** A file of the page, ready to be sent. */
interface PageFile {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

const ROOT = new URL("../../../", import.meta.url);
const PAGE_FOLDER = "lib/web/browser/";
/** Names are up to 60 letters, digits and `_`, so that no name leads out of the folder. */
const PAGE_NAME = /^\/page\/([a-z0-9_]{1,60})\.(css|js|svg)$/;

/**
 * The file of the page at an address. Modules are written in TypeScript and served without their types, so that nothing has to be
 * built.
 *
 * @throws {HttpProblem} If there is none.
 */
export async function readPageFile(pathname: string): Promise<PageFile> {
  if (pathname === "/") return { body: await readSource(`${PAGE_FOLDER}index.html`), type: TYPES["html"]! };
  const page = PAGE_NAME.exec(pathname);
  if (page) {
    const [, name, extension = ""] = page;
    const type = TYPES[extension]!;
    if (extension !== "js") return { body: await readSource(`${PAGE_FOLDER}${name}.${extension}`), type };
    return { body: toBrowserModule(await readSource(`${PAGE_FOLDER}${name}.ts`)), type };
  }
  const shared = SHARED_MODULES.find((path) => pathname === sharedAddress(path));
  if (shared) return { body: toBrowserModule(await readSource(shared)), type: TYPES["js"]! };
  throw new HttpProblem("not-found", "there is nothing at this address");
}

/** Takes the types away and turns names of modules into addresses. */
function toBrowserModule(source: string): string {
  return stripTypeScriptTypes(source, { mode: "strip" })
    .replace(/(\b(?:from|import)\s*\(?\s*)"([^"\n]+)"/g, (all, before: string, name: string) => {
      const address = moduleAddress(name);
      return address === undefined ? all : `${before}"${address}"`;
    });
}

function moduleAddress(name: string): string | undefined {
  if (name.startsWith(PAGE_FOLDER)) return `/page/${name.slice(PAGE_FOLDER.length).replace(/\.ts$/, ".js")}`;
  if (SHARED_MODULES.some((path) => path === name)) return sharedAddress(name);
  return undefined;
}

function sharedAddress(path: string): string {
  return `/modules/${path.replace(/\.ts$/, ".js")}`;
}

async function readSource(path: string): Promise<string> {
  return await readText(fileURLToPath(new URL(path, ROOT)));
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new HttpProblem("not-found", "there is nothing at this address", undefined, { cause: error });
  }
}
