import assert from "node:assert/strict";
import { plotHeardSounds } from "lib/show/plots/heard_sounds.ts";

const rows = (sounds: readonly string[]): readonly unknown[] => {
  const grid = { startTime: 0, period: 0.5 };
  const { data } = plotHeardSounds({ recording: "a", sounds, frames: 4, grid, highest: () => 0.5 });
  return (data[0] as { readonly y: readonly unknown[] }).y;
};

Deno.test("plotHeardSounds() cuts long names, which a phone has no room for, unless two would become one", () => {
  const long = "Livestock, farm animals, working animals";
  assert.deepEqual(rows([long, "Speech"]), ["Speech", "Livestock, farm anima…"]);
  const other = "Livestock, farm animals, others";
  assert.deepEqual(rows([long, other]), [other, long]);
});
