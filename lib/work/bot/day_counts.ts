/** How often something happened today. */
interface DayCounts<Name extends string> {
  /** Adds one; `nowMs` is in milliseconds since 1970. */
  add(name: Name, nowMs: number): void;
  /** The counts of the day of `nowMs`: at local midnight they begin anew. */
  today(nowMs: number): Readonly<Record<Name, number>>;
}

/** Makes counts that begin anew at midnight, by this machine's time zone. */
export function createDayCounts<Name extends string>(names: readonly Name[]): DayCounts<Name> {
  const zeros = () => Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  let [day, counts] = ["", zeros()];
  const turn = (nowMs: number) => {
    const today = localDay(nowMs);
    if (today !== day) [day, counts] = [today, zeros()];
  };
  return {
    add(name, nowMs) {
      turn(nowMs);
      counts[name]++;
    },
    today(nowMs) {
      turn(nowMs);
      return { ...counts };
    },
  };
}

/** The day by this machine's time zone, such as `2026-11-21`. */
export function localDay(nowMs: number): string {
  const date = new Date(nowMs);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
