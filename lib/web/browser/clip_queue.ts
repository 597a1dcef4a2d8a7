import type { Progress, Queue } from "lib/web/pages/api.ts";

/** A clip of the queue and what is known of its answer. */
interface QueuePlace {
  readonly id: string;
  answer: string | undefined;
  label: string | undefined;
}

/** The clips in their order, where one is among them, and how fast it goes. Pure: it knows no page and no server. */
export class ClipQueue {
  readonly places: readonly QueuePlace[];
  readonly #byId: ReadonlyMap<string, number>;
  #times: number[] = [];

  constructor(items: Queue["items"]) {
    this.places = items.map(({ id, answer, label }) => ({ id, answer, label }));
    this.#byId = new Map(this.places.map(({ id }, index) => [id, index]));
  }

  /** The same clips or others in another order: those up to one of them stay where they are, since they were passed. */
  continued(items: Queue["items"], at: string | undefined): ClipQueue {
    const byId = new Map(items.map((item) => [item.id, item]));
    const passed = this.places.slice(0, this.indexOf(at ?? "") + 1).flatMap(({ id }) => byId.get(id) ?? []);
    const queue = new ClipQueue([...new Set([...passed, ...items])]);
    queue.#times = this.#times;
    return queue;
  }

  place(id: string): QueuePlace | undefined {
    return this.places[this.#byId.get(id) ?? -1];
  }

  indexOf(id: string): number {
    return this.#byId.get(id) ?? -1;
  }

  /** The next clips without an answer after an index, from the beginning again at the end. */
  unanswered(after: number, count: number): string[] {
    const found: string[] = [];
    for (let step = 1; step <= this.places.length && found.length < count; step++) {
      const place = this.places[(after + step) % this.places.length]!;
      if (place.answer === undefined) found.push(place.id);
    }
    return found;
  }

  /** Notes what is known of a clip now. */
  note(id: string, answer: { id: string; label: string } | undefined): void {
    const place = this.place(id);
    if (!place) return;
    place.answer = answer?.id;
    place.label = answer?.label;
  }

  /** Notes that an answer was given, for the pace. */
  tick(nowMs: number): void {
    this.#times.push(nowMs);
    if (this.#times.length > 60) this.#times.shift();
  }

  /** Notes that the latest answer was taken back. */
  untick(): void {
    this.#times.pop();
  }

  /** How far it is; the pace is that of the last answers, without pauses of more than a minute. */
  progress(): Progress {
    const total = this.places.length;
    const left = this.places.filter(({ answer }) => answer === undefined).length;
    const gaps = this.#times.slice(1).map((time, i) => time - this.#times[i]!).filter((gap) => gap < 60_000);
    const busyMs = gaps.reduce((sum, gap) => sum + gap, 0);
    const base = { total, answered: total - left, left };
    if (gaps.length < 3 || busyMs <= 0) return base;
    const perMinute = gaps.length / busyMs * 60_000;
    return { ...base, perMinute, secondsLeft: left / perMinute * 60 };
  }
}

/** Progress in words: `312 of 1,000 · 688 left · 36 a minute · about 19 minutes to go`, and by what clips are in order so far. */
export function describeProgress(
  { total, answered, left, perMinute, secondsLeft, untrained = 0 }: Progress,
  comparing?: Queue["comparing"],
): string {
  const number = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 0 });
  const parts = [`${number(answered)} of ${number(total)}`, `${number(left)} left`];
  if (perMinute !== undefined && perMinute > 0) parts.push(`${number(perMinute)} a minute`);
  if (secondsLeft !== undefined && left > 0) {
    parts.push(
      secondsLeft < 90
        ? `about ${number(Math.max(1, secondsLeft))} s to go`
        : `about ${number(secondsLeft / 60)} min to go`,
    );
  }
  if (untrained > 0) {
    parts.push(`${number(untrained)} answer${untrained === 1 ? "" : "s"} since the last training`);
  }
  if (comparing) {
    parts.push(`by score so far, ${number(comparing.done)} of ${number(comparing.total)} sounds compared`);
  }
  return parts.join(" · ");
}
