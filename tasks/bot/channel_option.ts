import { findLiveChannel, type ReachableChannel } from "lib/media/platforms/platforms.ts";
import { UsageError } from "tasks/command.ts";

/**
 * The channel that `--channel` names, on a platform where there are live streams.
 *
 * @throws {UsageError} for what names none.
 */
export function channelOf(text: string | undefined): ReachableChannel | undefined {
  if (text === undefined) return undefined;
  return findLiveChannel(text) ?? noChannel(text);
}

/** @throws {UsageError} that says how channels are named. */
export function noChannel(text: string): never {
  throw new UsageError(
    `--channel ${
      JSON.stringify(text)
    } is no name of a channel: give 2 to 25 letters, digits and underscores, ` +
      "or the channel's address",
  );
}
