import {
  boundariesOf,
  type Boundary,
  moveBoundary,
  nextBoundary,
  SHORTEST_REGION,
  withChanged,
} from "lib/web/browser/region_edits.ts";
import type { RegionChange, RegionStore } from "lib/web/browser/region_store.ts";
import type { Region } from "lib/web/pages/api_recordings.ts";

/** What an editor tells. */
interface EditorEvents {
  /** Something is to be drawn anew. */
  readonly onChange: () => void;
  readonly onProblem: (error: unknown) => void;
}

const SETTLE_MS = 700;

/** What one does with regions: mark, label, fine-tune, remove. Boundaries that were moved are written when they rest. */
export class RegionEditor {
  readonly #store: RegionStore;
  readonly #events: EditorEvents;
  readonly #duration: number;
  /** Regions whose boundaries were moved and are not written yet, by id. */
  #moved = new Map<string, Region>();
  #settle: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** Dragged and not labelled yet. */
  selection: { onset: number; offset: number } | undefined;
  /** Begun by a key, to be ended by one. */
  open: { readonly label: string; readonly onset: number } | undefined;
  chosen: string | undefined;
  boundary: Boundary | undefined;
  /** Whether a class's key ends the segment before it. */
  alternating = false;

  constructor(store: RegionStore, duration: number, events: EditorEvents) {
    this.#store = store;
    this.#duration = duration;
    this.#events = events;
  }

  /** As they are on the screen. */
  get regions(): readonly Region[] {
    return this.#moved.size === 0
      ? this.#store.regions
      : withChanged(this.#store.regions, [...this.#moved.values()]);
  }

  get boundaries(): Boundary[] {
    return boundariesOf(this.regions);
  }

  get chosenRegion(): Region | undefined {
    return this.regions.find(({ id }) => id === this.chosen);
  }

  /** What a class's key does: labels the selection or the chosen region, or begins or ends one at the playhead. */
  async press(label: string, time: number): Promise<void> {
    const { selection, open } = this;
    if (selection) {
      this.selection = undefined;
      return await this.#add({ ...selection, label });
    }
    const chosen = this.alternating ? undefined : this.chosenRegion;
    if (!open && chosen) return await this.#relabel(chosen, label);
    if (!open) {
      this.open = { label, onset: time };
      return this.#events.onChange();
    }
    const long = time - open.onset >= SHORTEST_REGION;
    if (this.alternating) {
      // The other class goes on where this one ends; the same class again ends the row.
      this.open = open.label === label && long ? undefined : { label, onset: long ? time : open.onset };
      if (long) await this.#add({ onset: open.onset, offset: time, label: open.label }, false);
    } else if (open.label !== label) {
      this.open = { ...open, label };
    } else {
      this.open = undefined;
      if (long) await this.#add({ onset: open.onset, offset: time, label });
    }
    this.#events.onChange();
  }

  /** Chooses nothing, and forgets what was begun. */
  cancel(): void {
    this.selection =
      this.open =
      this.chosen =
      this.boundary =
        undefined;
    this.#events.onChange();
  }

  /** Chooses a region, and its beginning for fine-tuning. */
  choose(region: Region | undefined): void {
    this.chosen = region?.id;
    this.selection = undefined;
    this.boundary = this.boundaries.find(({ begins }) => begins !== undefined && begins === region?.id);
    this.#events.onChange();
  }

  /** Goes to the next or last boundary. Returns where it is. */
  stepBoundary(from: number, direction: -1 | 1): number | undefined {
    const next = nextBoundary(this.boundaries, this.boundary?.time ?? from, direction);
    if (!next) return undefined;
    this.boundary = next;
    this.chosen = next.begins ?? next.ends;
    this.#events.onChange();
    return next.time;
  }

  /** Moves the chosen boundary. It is written when it has rested for a moment. */
  moveTo(time: number): void {
    if (!this.boundary) return;
    const { boundary, changed } = moveBoundary(this.regions, this.boundary, time, this.#duration);
    this.boundary = boundary;
    for (const region of changed) this.#moved.set(region.id, region);
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => void this.settle(), SETTLE_MS);
    this.#events.onChange();
  }

  /** Writes boundaries that were moved. */
  settle(): Promise<void> {
    clearTimeout(this.#settle);
    this.#saving = this.#saving.then(() => this.#saveMoved()).catch((error) => {
      this.#moved.clear();
      this.#events.onProblem(error);
    });
    return this.#saving;
  }

  async remove(): Promise<void> {
    const region = this.chosenRegion;
    if (!region) return;
    await this.settle();
    // Writing may have given it another id.
    const now = this.chosenRegion;
    if (now) await this.#store.remove(now);
    this.chosen = this.boundary = undefined;
    this.#events.onChange();
  }

  /** Takes back what was done last. Returns where that was. */
  async undo(): Promise<number | undefined> {
    if (this.open || this.selection) {
      const around = this.open?.onset ?? this.selection?.onset;
      this.open = this.selection = undefined;
      this.#events.onChange();
      return around;
    }
    await this.settle();
    const undone = await this.#store.undo();
    this.chosen = this.boundary = undefined;
    this.#events.onChange();
    return undone?.around;
  }

  async #add(change: RegionChange, choose = true): Promise<void> {
    await this.settle();
    const [made] = await this.#store.save([change]);
    if (choose) this.choose(made);
    else this.#events.onChange();
  }

  async #relabel(region: Region, label: string): Promise<void> {
    await this.settle();
    const replaces = this.chosenRegion ?? region;
    if (replaces.label === label) return;
    const { onset, offset } = replaces;
    const [made] = await this.#store.save([{ onset, offset, label, replaces }]);
    this.choose(made);
  }

  async #saveMoved(): Promise<void> {
    const moved = new Map(this.#moved);
    if (moved.size === 0) return;
    const before = this.#store.regions.filter(({ id }) => moved.has(id));
    const saved = await this.#store.save(before.map((replaces) => {
      const { onset, offset, label } = moved.get(replaces.id)!;
      return { onset, offset, label, replaces };
    }));
    const renamed = new Map(before.map(({ id }, index) => [id, saved[index]!.id]));
    const newId = (id: string | undefined) => id === undefined ? undefined : renamed.get(id) ?? id;
    // What was moved on while it was being written keeps its newest place.
    this.#moved = new Map(
      [...this.#moved.values()].filter((region) => moved.get(region.id) !== region)
        .map((region) => [newId(region.id)!, { ...region, id: newId(region.id)! }]),
    );
    this.chosen = newId(this.chosen);
    if (this.boundary) {
      const [ends, begins] = [newId(this.boundary.ends), newId(this.boundary.begins)];
      this.boundary = { time: this.boundary.time, ...ends ? { ends } : {}, ...begins ? { begins } : {} };
    }
    this.#events.onChange();
  }
}
