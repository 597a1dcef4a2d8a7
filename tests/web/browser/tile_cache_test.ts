import assert from "node:assert/strict";
import { TileCache, type TileKey } from "lib/web/browser/tile_cache.ts";
import { coarserTile, levelFor, tileRange, tilesIn } from "lib/web/browser/tile_choice.ts";
import { highestLevel, TILE_WIDTH, tileSeconds } from "lib/web/pages/tile_grid.ts";

const HOURS = 36_000;

Deno.test("a screen never needs more than a handful of tiles, and never much coarser or finer ones than it has pixels", () => {
  const maxLevel = highestLevel(HOURS);
  for (let length = 0.05; length <= HOURS; length *= 1.37) {
    const view = { start: HOURS / 3, end: Math.min(HOURS, HOURS / 3 + length) };
    const level = levelFor(view, 1280, maxLevel);
    const tiles = tilesIn(view, level, HOURS);
    assert.ok(tiles.length <= 6, `${tiles.length} tiles for ${length} s`);
    const ranges = tiles.map(tileRange).sort((a, b) => a.start - b.start);
    assert.ok(ranges[0]!.start <= view.start && ranges.at(-1)!.end >= view.end);
    const perPixel = TILE_WIDTH / tileSeconds(level) * (view.end - view.start) / 1280;
    assert.ok(level === 0 || perPixel > 0.7 && perPixel < 1.5, `${perPixel} pixels of tiles a pixel`);
  }
});

Deno.test("tilesIn() begins in the middle of the view, and coarserTile() covers it", () => {
  assert.deepEqual(tilesIn({ start: 0, end: 1.2 }, 0, 10).map(({ index }) => index).slice(0, 1), [2]);
  const coarse = coarserTile({ level: 2, index: 13 }, 3);
  assert.deepEqual(coarse, { level: 5, index: 1 });
  assert.ok(tileRange(coarse).start <= tileRange({ level: 2, index: 13 }).start);
});

Deno.test("TileCache gives up tiles that went out of view, and keeps no more than it may", async () => {
  const asked: string[] = [];
  const given: string[] = [];
  const open = new Map<number, () => void>();
  const done: (() => void)[] = [];
  const cache = new TileCache<number>({
    keep: 3,
    onTile: () => done.shift()?.(),
    dispose: (tile) => given.push(`dropped ${tile}`),
    load: ({ index }, signal) => {
      asked.push(String(index));
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      open.set(index, () => resolve(index));
      signal.addEventListener("abort", () => {
        given.push(`gave up ${index}`);
        reject(new Error("aborted"));
      });
      return promise;
    },
  });
  const key = (index: number): TileKey => ({ level: 0, index });
  const comes = async (index: number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    done.push(resolve);
    open.get(index)!();
    await promise;
  };
  cache.want([key(1), key(2)]);
  await comes(1);
  assert.equal(cache.get(key(1)), 1);
  assert.equal(cache.hasAll([key(1), key(2)]), false);
  cache.want([key(1), key(3), key(4), key(5)]);
  assert.deepEqual(given, ["gave up 2"]);
  await comes(3);
  await comes(4);
  await comes(5);
  assert.equal(cache.hasAll([key(1), key(3), key(4), key(5)]), true);
  assert.deepEqual(given, ["gave up 2"], "what is in view stays");
  cache.want([key(6)]);
  await comes(6);
  assert.deepEqual(given, ["gave up 2", "dropped 1", "dropped 3"]);
  assert.deepEqual(asked, ["1", "2", "3", "4", "5", "6"]);
});

Deno.test("TileCache shows what it has until a better tile is there, and leaves alone what is good", async () => {
  let quality = 0;
  const given: string[] = [];
  const came: (() => void)[] = [];
  const cache = new TileCache<string>({
    onTile: () => came.shift()?.(),
    dispose: (tile) => given.push(tile),
    load: ({ level }) => Promise.resolve(`${level}: ${quality}`),
  });
  const next = () => new Promise<void>((resolve) => came.push(resolve));
  const [fine, coarse] = [{ level: 1, index: 0 }, { level: 9, index: 0 }];
  const both = Promise.all([next(), next()]);
  cache.want([fine, coarse]);
  await both;
  quality = 1;
  cache.renew(({ level }) => level > 8);
  assert.deepEqual([cache.get(fine), cache.get(coarse)], ["1: 0", "9: 0"]);
  assert.deepEqual([cache.hasAll([fine]), cache.hasAll([coarse])], [true, false]);
  const better = next();
  cache.want([fine, coarse]);
  await better;
  assert.deepEqual([cache.get(fine), cache.get(coarse)], ["1: 0", "9: 1"]);
  assert.deepEqual([cache.hasAll([fine, coarse]), given], [true, ["9: 0"]]);
});
