import type { Container } from "tests/marked_media/containers.ts";

/** What may be wrong with a recording, or merely unusual. */
export interface Fault {
  readonly name: string;
  /** Which containers can have it. */
  readonly fits: (container: Container) => boolean;
  /** Seconds in which there is nothing, from {@link FAULT_TIME} on; 0 by default. */
  readonly gap?: number;
  /** What is missing in the gap; the sound by default. */
  readonly missing?: "sound" | "everything";
  /** Seconds by which the sound, or the picture, begins late. */
  readonly lateSound?: number;
  readonly latePicture?: number;
  /** Time stamps of the whole, in seconds. */
  readonly offset?: number;
  /** Times at which another file begins; their time stamps begin anew, or go on. */
  readonly parts?: readonly number[];
  readonly goesOn?: boolean;
  /** Arguments for the sound of every second part. */
  readonly otherSound?: readonly string[];
  /** A first track with hardly any sound, with the marks in the second, default one. */
  readonly secondTrack?: boolean;
  /** The right channel is the left one upside down. */
  readonly oppositePhase?: boolean;
  /** Seconds that an edit list leaves out at the start. */
  readonly leftOut?: number;
}

/** When what is wrong begins, in seconds. A complete picture begins there. */
export const FAULT_TIME = 11;

const timed = ({ timed, video }: Container) => timed === true && video !== undefined;
const joins = ({ joins = false }: Container) => joins;
const restamped = ({ joins = false, timed = false }: Container) => joins && timed;
/** Several rates, and the number of channels in the head of each packet. */
const changing = ({ joins = false, name }: Container) => joins && !/^ogg|sound alone|h264/.test(name);
const stereo = ({ name }: Container) =>
  /^(wav pcm|flac|aac|mp3|m4a aac|mp4 aac|mkv aac|ts aac|ogg opus|wma)$/.test(name);

/** All that is tried. */
export const FAULTS: readonly Fault[] = [
  { name: "none", fits: () => true },
  { name: "late sound", fits: timed, lateSound: 2.6 },
  { name: "late picture", fits: timed, latePicture: 2.6 },
  { name: "gap 20 ms", fits: timed, gap: 0.02 },
  { name: "gap 2 s", fits: timed, gap: 2 },
  { name: "gap 13 s", fits: timed, gap: 13 },
  { name: "gap 60 s", fits: timed, gap: 60 },
  { name: "missing 4 s", fits: timed, gap: 4, missing: "everything" },
  { name: "missing 30 s", fits: timed, gap: 30, missing: "everything" },
  { name: "restarted", fits: joins, parts: [FAULT_TIME] },
  { name: "restarted 3 times", fits: joins, parts: [6, FAULT_TIME, 18] },
  { name: "wrapped", fits: ({ wraps = false }) => wraps, offset: 95_436 },
  { name: "rate changes", fits: changing, parts: [6, FAULT_TIME], otherSound: ["-ar", "32000"] },
  { name: "channels change", fits: changing, parts: [6, FAULT_TIME], otherSound: ["-ac", "1"] },
  {
    name: "rate changes, time goes on",
    fits: (container) => changing(container) && restamped(container),
    parts: [6, FAULT_TIME],
    goesOn: true,
    otherSound: ["-ar", "32000", "-ac", "1"],
  },
  { name: "second track", fits: ({ defaults = false }) => defaults, secondTrack: true },
  { name: "opposite phase", fits: stereo, oppositePhase: true },
  { name: "edit list", fits: ({ edits = false }) => edits, leftOut: 2.3 },
];
