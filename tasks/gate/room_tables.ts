import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { leadsSomewhere } from "lib/base/system/exists.ts";
import { FLOORS, type Room } from "tasks/gate/floors.ts";

const DOCUMENT = "lib/ARCHITECTURE.md";
const HEAD = ["room", "what lives here", "front door", "may import", "only place for"] as const;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The rooms of each floor as Markdown, as `deno fmt` lays it out. */
function roomTables(): string {
  return Object.entries(FLOORS).map(([floor, { is, rooms }]) => {
    const rows = Object.entries(rooms).map(([name, room]) => row(name, room));
    const widths = HEAD.map((head, i) => Math.max(head.length, ...rows.map((cells) => cells[i]!.length)));
    const line = (cells: readonly string[]) =>
      `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
    return [
      `### ${floor}: ${is}`,
      "",
      line(HEAD),
      line(widths.map((width) => "-".repeat(width))),
      ...rows.map(line),
    ]
      .join("\n");
  }).join("\n\n");
}

function row(name: string, { holds, door, imports, only }: Room): string[] {
  return [name, holds, `\`${door}\``, imports.map(shortName).join(", ") || "-", only ?? "-"];
}

// Rooms of different floors have different names.
function shortName(place: string): string {
  return place.slice(place.indexOf("/") + 1);
}

/** What of the floors is not so, as text for people: tables that differ, front doors that are missing. */
export async function roomProblems(): Promise<string> {
  const problems: string[] = [];
  if (!(await Deno.readTextFile(join(ROOT, DOCUMENT))).includes(`\n${roomTables()}\n`)) {
    problems.push(
      `${DOCUMENT} shows other rooms than tasks/gate/floors.ts; put this there:\n${roomTables()}`,
    );
  }
  for (const [floor, { rooms }] of Object.entries(FLOORS)) {
    for (const [name, { door }] of Object.entries(rooms)) {
      const path = `lib/${floor}/${name}/${door}`;
      const isThere = await leadsSomewhere(join(ROOT, path));
      if (!isThere) problems.push(`${path} is missing; tasks/gate/floors.ts names it as a front door`);
    }
  }
  return problems.join("\n");
}
