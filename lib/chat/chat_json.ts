import { z } from "zod";
import { BOT_BADGE } from "lib/chat/bots.ts";
import { chatError, type ChatMessage, type ChatReadOptions } from "lib/chat/chat_message.ts";
import { readJsonElements } from "lib/chat/json_elements.ts";

const Fragments = z.array(z.object({ text: z.string().nullish() }).nullable()).nullish();

/** Badges of the sender; each exporter has a name of its own for the id of a set. */
const Badges = z.array(z.object({ _id: z.string().nullish(), setID: z.string().nullish() }).nullable())
  .nullish();

/** TwitchDownloader keeps the names of Twitch's former comments API. */
const DownloaderComment = z.object({
  content_offset_seconds: z.number().nonnegative(),
  commenter: z.object({ display_name: z.string().nullish(), name: z.string().nullish() }).nullish(),
  message: z.object({ body: z.string().nullish(), fragments: Fragments, user_badges: Badges }),
});

/** twitch-dl writes the nodes of Twitch's GraphQL answers as they come. */
const GraphqlComment = z.object({
  contentOffsetSeconds: z.number().nonnegative(),
  commenter: z.object({ displayName: z.string().nullish(), login: z.string().nullish() }).nullish(),
  message: z.object({ fragments: Fragments, userBadges: Badges }),
});

const Comment = z.union([DownloaderComment, GraphqlComment]);

/**
 * Messages of a chat file in JSON, as TwitchDownloader and twitch-dl write it, in memory that does not grow with the
 * file. Only what this project needs is read; other members may be there or not.
 *
 * @throws {SyntaxError} naming the line and the comment, if the file or a comment cannot be read.
 */
export async function* readChatJson(
  bytes: AsyncIterable<Uint8Array>,
  options: ChatReadOptions & { readonly onVideoId?: (id: string) => void } = {},
): AsyncGenerator<ChatMessage> {
  const source = options.source ?? "chat";
  let number = 0;
  for await (const element of readJsonElements(bytes, { objects: ["video"], arrays: ["comments"] }, source)) {
    options.signal?.throwIfAborted();
    if (element.key === "video") {
      const id = videoId(element.text);
      if (id !== undefined) options.onVideoId?.(id);
      continue;
    }
    number++;
    try {
      yield readComment(element.text, source, element.line, number);
    } catch (error) {
      if (!(error instanceof SyntaxError) || !options.onBadRow) throw error;
      options.onBadRow(error);
    }
  }
}

function readComment(text: string, source: string, line: number, number: number): ChatMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw chatError(source, line, `comment ${number} is broken: ${(error as SyntaxError).message}`, error);
  }
  const parsed = Comment.safeParse(value);
  if (!parsed.success) {
    throw chatError(source, line, `comment ${number} has no time or no message`, parsed.error);
  }
  const comment = parsed.data;
  const [time, body, displayName, login, badges] = "content_offset_seconds" in comment
    ? [
      comment.content_offset_seconds,
      comment.message.body,
      comment.commenter?.display_name,
      comment.commenter?.name,
      comment.message.user_badges,
    ]
    : [
      comment.contentOffsetSeconds,
      undefined,
      comment.commenter?.displayName,
      comment.commenter?.login,
      comment.message.userBadges,
    ];
  const message = body ?? (comment.message.fragments ?? []).map((part) => part?.text ?? "").join("");
  // The login is what bots are known by; a display name may be in another script.
  const userName = login || displayName;
  const isBot = badges?.some((badge) => (badge?._id ?? badge?.setID) === BOT_BADGE) ?? false;
  return { time, message, ...(userName ? { userName } : {}), ...(isBot ? { isBot } : {}) };
}

function videoId(text: string): string | undefined {
  try {
    const video = z.object({ id: z.union([z.string(), z.number()]) }).safeParse(JSON.parse(text));
    return video.success ? String(video.data.id) : undefined;
  } catch {
    return undefined; // the id only helps where the file's name has none
  }
}
