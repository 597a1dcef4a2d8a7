import { dirname, join, relative } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { GLOBAL_PLACES, LAYERS, PACKAGE_PLACES } from "./layers.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replaceAll("\\", "/");

/** Where a file stands in the project. */
interface Place {
  /** First folder of its path, such as `lib` or `tasks`. */
  readonly top: string;
  /** Floor and room, such as `media/audio`, for files of `lib`. */
  readonly folder: string;
  readonly path: string;
}

/**
 * A lint plugin that keeps the import table: which folder of `lib` may import which, and which packages and globals have one
 * place. Tests may use everything.
 */
const plugin: Deno.lint.Plugin = {
  name: "layers",
  rules: {
    "import-table": {
      create(context) {
        const place = placeOf(context.filename);
        const check = (node: Deno.lint.Node, source: unknown) => {
          const problem = typeof source === "string" ? importProblem(place, source) : undefined;
          if (problem) context.report({ node, message: problem });
        };
        return {
          ImportDeclaration: (node) => check(node, node.source.value),
          ExportNamedDeclaration: (node) => check(node, node.source?.value),
          ExportAllDeclaration: (node) => check(node, node.source.value),
          ImportExpression: (node) =>
            check(node, node.source.type === "Literal" ? node.source.value : undefined),
          TSImportType: (node) =>
            check(node, /^import\(\s*["']([^"']+)/.exec(context.sourceCode.getText(node))?.[1]),
        };
      },
    },
    "one-place": {
      create(context) {
        const place = placeOf(context.filename);
        return {
          MemberExpression(node) {
            if (node.object.type !== "Identifier") return;
            const { name } = node.object;
            if (name === "console" && place.top === "lib") {
              context.report({ node, message: "lib prints nothing: give back a value, or take a Logger" });
            }
            const property = node.property.type === "Identifier" ? node.property.name : undefined;
            const problem = globalProblem(place, `${name}.${property}`);
            if (problem) context.report({ node, message: problem });
          },
        };
      },
    },
  },
};
export default plugin;

function placeOf(filename: string): Place {
  const slashes = filename.replaceAll("\\", "/");
  const path = slashes.startsWith(ROOT) ? relative(ROOT, slashes) : slashes;
  return { top: path.split("/")[0]!, folder: roomOf(path), path };
}

/** The room that a path of `lib` lies in; outside of all rooms its folder below `lib`. */
function roomOf(path: string): string {
  const folder = dirname(path).split("/").slice(1).join("/");
  return Object.keys(LAYERS).find((room) => `${folder}/`.startsWith(`${room}/`)) ?? folder;
}

function importProblem(place: Place, source: string): string | undefined {
  if (place.top !== "lib" && place.top !== "tasks") return undefined;
  const target = source.startsWith(".") ? join(dirname(place.path), source) : source;
  for (const [packages, folders] of PACKAGE_PLACES) {
    if (packages.test(target) && !(place.top === "lib" && folders.includes(place.folder))) {
      return `${source} may be imported in ${folders.map((folder) => `lib/${folder}`).join(" and ")} only`;
    }
  }
  if (place.top !== "lib") return undefined;
  const allowed = LAYERS[place.folder];
  if (!allowed) return `lib/${place.folder} is not in the import table; add it to tasks/gate/floors.ts`;
  const top = target.split("/")[0]!, folder = roomOf(target);
  if (["tasks", "tests", "notebooks"].includes(top)) return `lib may not import ${top}`;
  if (top !== "lib" || folder === place.folder || allowed.includes(folder)) return undefined;
  return `lib/${place.folder} may not import lib/${folder}; it may import ${
    allowed.join(", ") || "nothing else of lib"
  }`;
}

function globalProblem(place: Place, name: string): string | undefined {
  const rule = Object.hasOwn(GLOBAL_PLACES, name) ? GLOBAL_PLACES[name] : undefined;
  if (!rule || (place.top !== "lib" && !(place.top === "tasks" && rule.folders.length > 0))) return undefined;
  if (place.top === "lib" && rule.folders.includes(place.folder)) return undefined;
  return `${name} may not be used here: ${rule.instead}`;
}
