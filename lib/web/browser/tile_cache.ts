/** Which tile: its level and its place in the row. */
export interface TileKey {
  readonly level: number;
  readonly index: number;
}

/** What a cache of tiles takes from outside. */
interface TileCacheOptions<Tile> {
  readonly load: (key: TileKey, signal: AbortSignal) => Promise<Tile>;
  /** Called when a tile has come. */
  readonly onTile: () => void;
  /** Frees what a dropped tile holds. */
  readonly dispose?: (tile: Tile) => void;
  /** How many tiles stay in memory. */
  readonly keep?: number;
}

const AT_ONCE = 6;
const RETRY_MS = 800;

/** Loads tiles that are in view, forgets those that were not looked at for long, and gives up those that went out of view. */
export class TileCache<Tile> {
  readonly #options: TileCacheOptions<Tile>;
  readonly #tiles = new Map<string, Tile>();
  readonly #loading = new Map<string, AbortController>();
  readonly #failed = new Set<string>();
  /** There, but better ones are to be had. */
  readonly #stale = new Set<string>();
  #wanted: TileKey[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: TileCacheOptions<Tile>) {
    this.#options = options;
  }

  /** A tile, if it is there. */
  get(key: TileKey): Tile | undefined {
    const name = nameOf(key);
    const tile = this.#tiles.get(name);
    if (tile !== undefined) {
      this.#tiles.delete(name);
      this.#tiles.set(name, tile);
    }
    return tile;
  }

  /** Whether tiles are there, and as good as they can be had. */
  hasAll(keys: readonly TileKey[]): boolean {
    return keys.every((key) => this.#isGood(nameOf(key)));
  }

  /** Says what is in view, the most important first. Others that are on their way are given up. */
  want(keys: readonly TileKey[]): void {
    this.#wanted = [...keys];
    const names = new Set(keys.map(nameOf));
    for (const [name, controller] of this.#loading) {
      if (!names.has(name)) controller.abort();
    }
    this.#loadMore();
  }

  /** There are better tiles of some kind: what is there of them stays until the new one has come. */
  renew(isOld: (key: TileKey) => boolean): void {
    for (const name of [...this.#tiles.keys(), ...this.#loading.keys()]) {
      const [level, index] = name.split("/").map(Number) as [number, number];
      if (!isOld({ level, index })) continue;
      this.#loading.get(name)?.abort();
      if (this.#tiles.has(name)) this.#stale.add(name);
    }
    this.#failed.clear();
  }

  /** Forgets everything. */
  clear(): void {
    this.#wanted = [];
    clearTimeout(this.#retry);
    for (const controller of this.#loading.values()) controller.abort();
    for (const tile of this.#tiles.values()) this.#options.dispose?.(tile);
    this.#tiles.clear();
    this.#stale.clear();
    this.#failed.clear();
  }

  #isGood(name: string): boolean {
    return this.#tiles.has(name) && !this.#stale.has(name);
  }

  #loadMore(): void {
    for (const key of this.#wanted) {
      if (this.#loading.size >= AT_ONCE) return;
      const name = nameOf(key);
      if (this.#isGood(name) || this.#loading.has(name) || this.#failed.has(name)) continue;
      void this.#load(key, name);
    }
  }

  async #load(key: TileKey, name: string): Promise<void> {
    const controller = new AbortController();
    this.#loading.set(name, controller);
    try {
      const tile = await this.#options.load(key, controller.signal);
      if (controller.signal.aborted) this.#options.dispose?.(tile);
      else this.#add(name, tile);
    } catch {
      if (!controller.signal.aborted) this.#tryLater(name);
    } finally {
      this.#loading.delete(name);
      this.#loadMore();
    }
  }

  #add(name: string, tile: Tile): void {
    const before = this.#tiles.get(name);
    if (before !== undefined) this.#options.dispose?.(before);
    this.#tiles.set(name, tile);
    this.#stale.delete(name);
    const wanted = new Set(this.#wanted.map(nameOf));
    for (const [old, dropped] of this.#tiles) {
      if (this.#tiles.size <= (this.#options.keep ?? 160)) break;
      // What is in view would only be loaded again.
      if (wanted.has(old)) continue;
      this.#tiles.delete(old);
      this.#stale.delete(old);
      this.#options.dispose?.(dropped);
    }
    this.#options.onTile();
  }

  /** The server is gone or has not come to it yet. */
  #tryLater(name: string): void {
    this.#failed.add(name);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#failed.clear();
      this.#loadMore();
    }, RETRY_MS);
  }
}

function nameOf({ level, index }: TileKey): string {
  return `${level}/${index}`;
}
