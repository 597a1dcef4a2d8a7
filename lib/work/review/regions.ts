import type { LabelSource } from "lib/learning/dataset/label_entry.ts";

/** Labels that hold in a recording, by time. */
export interface RegionList {
  readonly revision: number;
  readonly regions: readonly Region[];
}

/** A span with a label. */
export interface Region {
  /** Its id in the ledger. */
  readonly id: string;
  readonly onset: number;
  readonly offset: number;
  readonly label: string;
  readonly source: Omit<LabelSource, "command">;
}

/** A region to write. */
export interface NewRegion {
  /** New id: `createLabelId()`. */
  readonly id: string;
  readonly onset: number;
  readonly offset: number;
  readonly label: string;
  /** Id of the region that this one corrects. */
  readonly replaces: string | null;
}

/** What became of regions. */
export interface RegionsResult {
  readonly regions: readonly Region[];
  /** False if they had been written before. */
  readonly written: boolean;
  readonly revision: number;
}

/** Places to look at, by time. */
export interface CandidateList {
  readonly candidates: readonly {
    readonly onset: number;
    readonly offset: number;
    readonly label: string;
    /** From 0 to 1. */
    readonly score?: number;
    /** Where it comes from: "found by burp", "chat". */
    readonly why: string;
    /** Whether a person has labelled something there. */
    readonly done: boolean;
  }[];
}
