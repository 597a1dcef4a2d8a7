import { createLabelId } from "lib/learning/dataset/label_id.ts";
import { getJson } from "lib/web/browser/api_client.ts";
import { sortedRegions } from "lib/web/browser/region_edits.ts";
import type { Session } from "lib/web/browser/session.ts";
import type { History, UndoResult } from "lib/web/pages/api.ts";
import type { Region, RegionList, RegionsResult } from "lib/web/pages/api_recordings.ts";

/** A region that is to be written. */
export interface RegionChange {
  readonly onset: number;
  readonly offset: number;
  readonly label: string;
  /** The region that this corrects. */
  readonly replaces?: Region | undefined;
}

/** Something that can be taken back. */
interface Step {
  /** Ids to take back; none for a removal, which is taken back by adding. */
  readonly answers: readonly string[];
  /** What was there before, as far as this page knows it. */
  readonly before?: readonly Region[];
}

/** The regions of a recording as they are in the ledger, or will be when the server is back. */
export class RegionStore {
  readonly #session: Session;
  readonly #recording: string;
  #regions: Region[] = [];
  #steps: Step[] = [];

  constructor(session: Session, recording: string) {
    this.#session = session;
    this.#recording = recording;
  }

  /** By onset. */
  get regions(): readonly Region[] {
    return this.#regions;
  }

  /** Reads what is there, and what can be taken back. */
  async open(): Promise<void> {
    await this.reload();
    await this.#readSteps();
  }

  async #readSteps(): Promise<void> {
    const history = await getJson<History>(`/api/history?scope=${this.#scope}&limit=1000`);
    this.#steps = history.steps.map(({ answers }) => ({ answers })).reverse();
  }

  /** Reads what is there, unless something was not sent yet. */
  async reload(): Promise<void> {
    if (this.#session.outbox.kept > 0) return;
    const { regions, revision } = await getJson<RegionList>(`/api/recordings/${this.#recording}/regions`);
    this.#session.presence.noteRevision(revision);
    this.#regions = sortedRegions(regions);
  }

  /**
   * Writes regions, all or none.
   * @returns The regions as they are now.
   */
  async save(changes: readonly RegionChange[]): Promise<Region[]> {
    const saved = await this.#write(changes);
    const before = changes.flatMap(({ replaces }) => replaces ? [replaces] : []);
    this.#steps.push({ answers: saved.map(({ id }) => id), before });
    return saved;
  }

  /** Removes a region, whatever it was corrected from. */
  async remove(region: Region): Promise<void> {
    const sent = await this.#undo([region.id], true);
    this.#regions = this.#regions.filter(({ id }) => id !== region.id);
    if (sent) await this.reload();
    this.#steps.push({ answers: [], before: [region] });
  }

  /** Takes the latest step back. Returns where it was, or undefined if there is none. */
  async undo(): Promise<{ readonly around: number | undefined } | undefined> {
    // The server tells of the latest thousand at a time.
    if (this.#steps.length === 0 && this.#session.outbox.kept === 0) await this.#readSteps();
    const step = this.#steps.pop();
    if (!step) return undefined;
    try {
      const taken = this.#regions.filter(({ id }) => step.answers.includes(id));
      const before = step.before ?? [];
      if (step.answers.length === 0) {
        const again = await this.#write(before);
        // Earlier steps are about the region that is back, under its new id.
        const renamed = new Map(before.map(({ id }, index) => [id, again[index]!.id]));
        this.#steps = this.#steps.map(({ answers, ...rest }) => ({
          ...rest,
          answers: answers.map((id) => renamed.get(id) ?? id),
        }));
      } else {
        const sent = await this.#undo(step.answers);
        this.#regions = sortedRegions([
          ...this.#regions.filter(({ id }) => !step.answers.includes(id)),
          ...before,
        ]);
        if (sent) await this.reload();
      }
      return { around: taken[0]?.onset ?? before[0]?.onset };
    } catch (error) {
      this.#steps.push(step);
      throw error;
    }
  }

  get #scope(): `recording:${string}` {
    return `recording:${this.#recording}`;
  }

  async #write(changes: readonly RegionChange[]): Promise<Region[]> {
    const made = changes.map(({ onset, offset, label }): Region => ({
      id: newId(),
      onset,
      offset,
      label,
      source: { kind: "person", name: this.#session.config.by },
    }));
    const outcome = await this.#session.outbox.send<RegionsResult>(
      made[0]!.id,
      `/api/recordings/${this.#recording}/regions`,
      {
        client: this.#session.client,
        regions: made.map(({ id, onset, offset, label }, index) => ({
          id,
          onset,
          offset,
          label,
          replaces: changes[index]!.replaces?.id ?? null,
        })),
      },
    );
    if (outcome.state === "saved") this.#session.presence.noteRevision(outcome.answer.revision);
    const replaced = new Set(changes.map(({ replaces }) => replaces?.id));
    this.#regions = sortedRegions([...this.#regions.filter(({ id }) => !replaced.has(id)), ...made]);
    return made;
  }

  /** Whether the server has it already. */
  async #undo(answers: readonly string[], withCorrected = false): Promise<boolean> {
    const outcome = await this.#session.outbox.send<UndoResult>(newId(), "/api/undo", {
      client: this.#session.client,
      scope: this.#scope,
      answers,
      withCorrected,
    });
    if (outcome.state === "saved") this.#session.presence.noteRevision(outcome.answer.revision);
    return outcome.state === "saved";
  }
}

function newId(): string {
  return createLabelId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}
