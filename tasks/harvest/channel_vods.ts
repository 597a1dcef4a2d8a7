import { findPlatformChannel, type PlatformChannel } from "lib/media/platforms/platforms.ts";
import { noChannel } from "tasks/bot/channel_option.ts";
import { UsageError } from "tasks/command.ts";

const UNITS = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * Start of a span of time as users write it: `36h`, `30d`, `2w`, or a date such as `2026-11-01`.
 *
 * @returns Milliseconds since 1970.
 * @throws {UsageError} for anything else.
 */
function readSince(text: string, nowMs: number): number {
  const span = /^(\d{1,5})([hdw])$/i.exec(text.trim());
  if (span) return nowMs - Number(span[1]) * UNITS[span[2]!.toLowerCase() as keyof typeof UNITS];
  const dateMs = /^\d{4}-\d\d-\d\d$/.test(text.trim()) ? Date.parse(text.trim()) : NaN;
  if (Number.isNaN(dateMs)) {
    throw new UsageError(
      `--since must be a span such as 30d, 36h or 2w, or a date such as 2026-11-01, is "${text}"`,
    );
  }
  return dateMs;
}

/** What `--channel` and `--since` ask for. */
interface ChannelChoice {
  readonly channel: PlatformChannel;
  /** What its recordings are called. */
  readonly noun: string;
  readonly sinceMs: number | undefined;
}

/** What `--channel` and `--since` ask for; nothing without a channel. @throws {UsageError} for what is none. */
export function readChannelChoice(
  { channel, since }: { readonly channel: string | undefined; readonly since: string | undefined },
): ChannelChoice | undefined {
  if (channel !== undefined) {
    const found = findPlatformChannel(channel) ?? noChannel(channel);
    return { ...found, sinceMs: since === undefined ? undefined : readSince(since, Date.now()) };
  }
  if (since !== undefined) throw new UsageError("--since belongs to --channel");
  return undefined;
}
