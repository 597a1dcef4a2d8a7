/** Sound with the time that its recording gives it. */
export interface StampedSound<T> {
  /** Time of the first sample, in samples from the recording's start; not on whole samples. */
  readonly time: number;
  /** In samples. */
  readonly length: number;
  readonly payload: T;
}

/** What comes next: sound, or silence where there is no payload. */
export interface PlacedSound<T> {
  /** Where it begins, in samples from the recording's start; each begins where the one before has ended. */
  readonly position: number;
  /** In samples. */
  readonly length: number;
  readonly payload?: T;
  /** Samples of the payload that are left out in front. */
  readonly from: number;
}

/** Places sound by its time stamps. */
interface Timeline<T> {
  /** Whether time stamps have begun anew, so that later times are not those of the stamps. */
  readonly restarted: boolean;
  /** Takes what comes next and gives all whose place is certain. */
  push(sound: StampedSound<T>): PlacedSound<T>[];
  /** Gives what was held back. */
  finish(): PlacedSound<T>[];
}

/** By how much sounds are off their place, in samples. */
interface Shift {
  readonly shift: number;
  readonly usual: number;
  /** How many of them. */
  readonly count: number;
}

/** Time stamps may stray so far from the sound's own length, in seconds: the shortest gap that matters is 20 ms. */
const JITTER = 0.015;
/** A packet whose stamp differs more from those that follow is not where time stamps begin anew, in seconds. */
const ODD = 0.1;
/** A shift counts once it has lasted so long, in seconds: stamps that were guessed within a packet come right with the next. */
const CONFIRMED = 1;
/** So much of what overlaps is left out, in seconds; stamps that go back farther have begun anew, and no sound is lost. */
const LONGEST_OVERLAP = 1;
/** Longest gap, in seconds: MPEG-TS makes a jump back look like one of up to 26.5 h onwards. */
const LONGEST_GAP = 36_000;
/** The same once stamps have begun anew: what follows may be of another clock. */
const LONGEST_GAP_AFTER_RESTART = 600;
/** Clocks that may come back, as the programme's does after an advertisement. */
const MOST_CLOCKS = 4;

/**
 * Places sound where a player shows it: gaps in the time stamps become silence, overlaps are left out, jitter and drift
 * below 15 ms are none. Where stamps begin anew, as in parts joined one behind the other, time goes on.
 *
 * @param options `begin` is the position wanted first, in samples: sound before it comes too, and where sound begins
 * later, there is silence from there on.
 */
export function createTimeline<T>(
  { sampleRate, begin = 0 }: { readonly sampleRate: number; readonly begin?: number | undefined },
): Timeline<T> {
  const samples = (seconds: number) => seconds * sampleRate;
  const held: StampedSound<T>[] = [];
  /** Position of what comes next; nothing before the first sound. */
  let next: number | undefined;
  /** What is to be added to stamps: of the present clock first, then of earlier ones. */
  let clocks = [0];
  let restarted = false;

  const startOver = (clock: number): void => {
    clocks = [clock, ...clocks].slice(0, MOST_CLOCKS);
    restarted = true;
  };
  const place = (out: PlacedSound<T>[], from: number): void => {
    const { length, payload } = held.shift()!;
    if (length > from) out.push({ position: next!, length: length - from, payload, from });
    next! += length - from;
  };

  /** How far the sounds held are off, at least and mostly, and how many of them agree; nothing as long as that is not certain. */
  const measure = (finished: boolean): Shift | undefined => {
    let end = next!;
    let length = 0;
    let shift = 0;
    const all: number[] = [];
    const result = (count: number) => ({
      shift,
      usual: all.toSorted((a, b) => a - b)[all.length >> 1]!,
      count,
    });
    for (const [i, sound] of held.entries()) {
      const off = sound.time + clocks[0]! - end;
      if (Math.abs(off) <= samples(JITTER)) return { shift: 0, usual: 0, count: i };
      const turns = i > 0 && (Math.sign(off) !== Math.sign(shift) || isRestart(held[i - 1]!, sound));
      const comesBack = Math.abs(off) < samples(LONGEST_OVERLAP) &&
        Math.abs(shift) > samples(LONGEST_OVERLAP);
      // The stamp of a packet in which the sample rate changes may count samples of the rate before.
      if (turns) return comesBack ? { shift: 0, usual: 0, count: i } : result(i);
      if (i === 0 || Math.abs(off) < Math.abs(shift)) shift = off;
      all.push(off);
      end += sound.length;
      length += sound.length;
      if (length >= samples(CONFIRMED)) return result(i + 1);
    }
    return finished ? result(held.length) : undefined;
  };
  const isRestart = (before: StampedSound<T>, { time }: StampedSound<T>) =>
    time < before.time - samples(LONGEST_OVERLAP);

  /** The clock by which a shift is smallest, among those by which it can be one. */
  const chooseClock = (shift: number): { readonly clock: number; readonly shift: number } | undefined => {
    const present = clocks[0]!;
    return clocks
      .map((clock) => ({ clock, shift: shift + clock - present }))
      .filter((choice) =>
        choice.shift >= -samples(LONGEST_OVERLAP) &&
        choice.shift <= samples(restarted ? LONGEST_GAP_AFTER_RESTART : LONGEST_GAP)
      )
      .sort((a, b) => Math.abs(a.shift) - Math.abs(b.shift))[0];
  };

  const settle = (finished: boolean): PlacedSound<T>[] => {
    const out: PlacedSound<T>[] = [];
    while (held.length > 0) {
      const measured = measure(finished);
      if (!measured) break;
      if (measured.shift === 0) {
        // Those before the one that is in its place strayed for a moment only.
        for (let i = Math.max(1, measured.count); i > 0; i--) place(out, 0);
        continue;
      }
      const choice = chooseClock(measured.shift);
      if (!choice) {
        const first = held[0]!.time + clocks[0]! - next!;
        const isOdd = Math.abs(first - measured.usual) > samples(ODD);
        startOver(clocks[0]! - (isOdd ? measured.usual : first));
        continue;
      }
      clocks = [choice.clock, ...clocks.filter((clock) => clock !== choice.clock)];
      const shift = Math.round(choice.shift);
      if (shift > 0) {
        out.push({ position: next!, length: shift, from: 0 });
        next! += shift;
      }
      for (let surplus = Math.max(0, -shift); held.length > 0;) {
        const drop = Math.min(surplus, held[0]!.length);
        surplus -= drop;
        place(out, drop);
        if (surplus <= 0) break;
      }
    }
    return out;
  };

  return {
    get restarted() {
      return restarted;
    },
    push(sound) {
      held.push(sound);
      if (next === undefined) {
        next = Math.min(Math.round(sound.time), begin);
        const off = sound.time - next;
        if (off > samples(LONGEST_GAP) || (begin === 0 && sound.time < -samples(LONGEST_OVERLAP))) {
          next = begin;
          startOver(next - sound.time);
        } else if (off > 0) {
          const silence = Math.round(off);
          const out = [{ position: next, length: silence, from: 0 }];
          next += silence;
          place(out, 0);
          return out;
        }
      }
      return settle(false);
    },
    finish: () => settle(true),
  };
}
