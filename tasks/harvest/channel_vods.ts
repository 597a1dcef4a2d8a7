import { listChannelVods } from "lib/media/platforms/twitch/channel_vods.ts";
import type { TwitchConnection } from "lib/media/platforms/twitch/graphql.ts";
import { channelOf } from "tasks/bot/channel_option.ts";
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

/** What `--channel` and `--since` ask for; nothing without a channel. @throws {UsageError} for what is none. */
export function readChannelChoice(
  { channel, since }: { readonly channel: string | undefined; readonly since: string | undefined },
): { readonly name: string; readonly sinceMs?: number } | undefined {
  const name = channelOf(channel);
  if (name !== undefined) {
    return { name, ...(since === undefined ? {} : { sinceMs: readSince(since, Date.now()) }) };
  }
  if (since !== undefined) throw new UsageError("--since belongs to --channel");
  return undefined;
}

/**
 * Ids of a channel's VODs, the oldest first: it is the next that Twitch deletes, and the newest may still be growing.
 *
 * @param sinceMs Those that began earlier are left out; in milliseconds since 1970.
 * @throws {RequestError} if they cannot be listed.
 */
export async function channelVodIds(
  connection: TwitchConnection,
  channel: string,
  { sinceMs = -Infinity, signal }: { readonly sinceMs?: number | undefined; readonly signal: AbortSignal },
): Promise<string[]> {
  const ids: string[] = [];
  for await (const { vodId, createdAt } of listChannelVods(connection, channel, { signal })) {
    if (createdAt !== undefined && Date.parse(createdAt) < sinceMs) break;
    ids.push(vodId);
  }
  return ids.reverse();
}
