import { formatClock } from "lib/base/events/clock_time.ts";
import type { HarvestRecord } from "lib/work/harvest/harvest_record.ts";
import type { ChatSource } from "tasks/harvest/sources.ts";

/** What to do where a recording holds nothing of what its chat mentions; nothing to say where it does. */
export function offsetHint(
  { mentions, duration }: HarvestRecord,
  { local, offset }: ChatSource,
): string | undefined {
  const [first] = mentions;
  if (local === undefined || !first || duration === undefined) return undefined;
  if (mentions.some(({ outcome }) => outcome !== "outside")) return undefined;
  return `all mentions of the chat lie outside of ${local}, the first at ${formatClock(first.time)}; it ` +
    `lasts ${formatClock(duration)}${
      offset > 0 ? ` from ${formatClock(offset)} on` : ""
    }: say with --offset how many ` +
    "seconds into the stream it begins";
}
