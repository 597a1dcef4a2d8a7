import { FLOORS } from "./floors.ts";

/** Which rooms of `lib` each room may import, both as `floor/room`, from the ground up. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(FLOORS).flatMap(([floor, { rooms }]) =>
    Object.entries(rooms).map(([name, { imports }]) => [`${floor}/${name}`, imports.flatMap(roomsOf)])
  ),
);

function roomsOf(place: string): string[] {
  const floor = FLOORS[place];
  return floor ? Object.keys(floor.rooms).map((room) => `${place}/${room}`) : [place];
}

/** Packages that one part alone may use: a package's name, or the beginning of several, and the folders of `lib`. */
export const PACKAGE_PLACES: readonly (readonly [packages: RegExp, folders: readonly string[]])[] = [
  [/^(npm:)?onnxruntime-/, ["learning/detect", "learning/separate"]],
  [/^(npm:)?@tensorflow\//, ["learning/model", "learning/train", "learning/distil"]],
  [/^(npm:)?tmi\.js/, ["media/platforms/twitch"]],
  [/^(node:)?child_process$/, ["base/system"]],
];

/** Globals that one part alone may use; `lib` uses those without a folder nowhere. */
export const GLOBAL_PLACES: Readonly<
  Record<string, { readonly folders: readonly string[]; readonly instead: string }>
> = {
  "Deno.Command": { folders: ["base/system"], instead: "call lib/base/system/run_program.ts" },
  "Deno.exit": { folders: [], instead: "throw an error" },
  "process.exit": { folders: [], instead: "throw an error" },
  "Deno.jupyter": { folders: [], instead: "give back a value that a notebook can show" },
};
