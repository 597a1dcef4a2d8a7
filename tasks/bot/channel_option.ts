import { parseChannel } from "lib/media/platforms/twitch/vod_id.ts";
import { UsageError } from "tasks/command.ts";

/**
 * Login of the channel that `--channel` names, in lower case.
 *
 * @throws {UsageError} for what names none.
 */
export function channelOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return parseChannel(text) ?? noChannel(text);
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
