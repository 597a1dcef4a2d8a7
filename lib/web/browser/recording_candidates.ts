import { getJson } from "lib/web/browser/api_client.ts";
import { markDone } from "lib/web/browser/region_edits.ts";
import type { CandidateList, Region } from "lib/web/pages/api_recordings.ts";

type Candidates = CandidateList["candidates"];

/** Places of a long recording to look at. What is done is known from the regions, also while the server is gone. */
export class RecordingCandidates {
  readonly #id: string;
  readonly #regions: () => readonly Region[];
  #given: Candidates;
  #marked: { readonly regions: readonly Region[]; readonly all: Candidates } | undefined;

  /** @param regions Those that are saved; another list where they have changed. */
  constructor(id: string, given: Candidates, regions: () => readonly Region[]) {
    this.#id = id;
    this.#given = given;
    this.#regions = regions;
  }

  /** All of them, by time; the same list as long as nothing has changed. */
  get all(): Candidates {
    const regions = this.#regions();
    if (this.#marked?.regions !== regions) {
      this.#marked = { regions, all: markDone(this.#given, regions) };
    }
    return this.#marked.all;
  }

  /** Asks the server which there are now. */
  async reload(): Promise<void> {
    const path = `/api/recordings/${this.#id}/candidates`;
    ({ candidates: this.#given } = await getJson<CandidateList>(path));
    this.#marked = undefined;
  }
}
