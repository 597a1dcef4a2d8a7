import { z } from "zod";
import { BOT_BADGE } from "lib/media/chat/bots.ts";

/** What is needed of a message. */
export interface CommentContent {
  /** In seconds from the beginning of the recording; below 0 for a message that was sent before. */
  readonly time: number;
  readonly message: string;
  readonly userName: string | null | undefined;
  /** Whether Twitch marks the sender as a bot. */
  readonly isBot?: boolean | undefined;
}

const Fragments = z.array(z.object({ text: z.string().nullish() }).nullable()).nullish();

/** Badges of the sender; each exporter has a name of its own for the id of a set. */
const Badges = z.array(z.object({ _id: z.string().nullish(), setID: z.string().nullish() }).nullable())
  .nullish();

/** TwitchDownloader and twitch-chatlog keep the names of Twitch's former comments API. */
const DownloaderComment = z.object({
  content_offset_seconds: z.number(),
  commenter: z.object({ display_name: z.string().nullish(), name: z.string().nullish() }).nullish(),
  message: z.object({ body: z.string().nullish(), fragments: Fragments, user_badges: Badges }),
}).transform(({ content_offset_seconds: time, commenter, message }): CommentContent => ({
  time,
  message: message.body ?? joinFragments(message.fragments),
  // The login is what bots are known by; a display name may be in another script.
  userName: commenter?.name || commenter?.display_name,
  isBot: hasBotBadge(message.user_badges),
}));

/** twitch-dl writes the nodes of Twitch's GraphQL answers as they come. */
const GraphqlComment = z.object({
  contentOffsetSeconds: z.number(),
  commenter: z.object({ displayName: z.string().nullish(), login: z.string().nullish() }).nullish(),
  message: z.object({ fragments: Fragments, userBadges: Badges }),
}).transform(({ contentOffsetSeconds: time, commenter, message }): CommentContent => ({
  time,
  message: joinFragments(message.fragments),
  userName: commenter?.login || commenter?.displayName,
  isBot: hasBotBadge(message.userBadges),
}));

/** chat-downloader; a ban or a subscription has no message. */
const ChatItem = z.object({
  time_in_seconds: z.number(),
  author: z.object({ display_name: z.string().nullish(), name: z.string().nullish() }).nullish(),
  message: z.string().nullish(),
}).transform(({ time_in_seconds: time, author, message }): CommentContent => ({
  time,
  message: message ?? "",
  userName: author?.name || author?.display_name,
}));

const Comment = z.union([DownloaderComment, GraphqlComment, ChatItem]);
const Node = z.object({ node: Comment }).transform(({ node }) => node);
/** chat-downloader's items of a stream that was live. */
const TimeOfDay = z.object({ timestamp: z.number(), message: z.unknown() });

/** A comment of a JSON export; what is wrong with it otherwise, to follow its number. */
export function parseComment(value: unknown): readonly CommentContent[] | string {
  const parsed = z.union([Comment, Node]).safeParse(value);
  if (parsed.success) return [parsed.data];
  if (TimeOfDay.safeParse(value).success) {
    return "has a time of day only, which says nothing of where in the recording it is: export the chat of the VOD";
  }
  return "has no time or no message";
}

const Milliseconds = z.union([z.string().regex(/^-?\d+$/), z.number()]).transform(Number);
const LiveRenderer = z.object({
  authorName: z.object({ simpleText: z.string().nullish() }).nullish(),
  message: z.object({
    runs: z.array(z.object({
      text: z.string().nullish(),
      emoji: z.object({ shortcuts: z.array(z.string()).nullish() }).nullish(),
    })),
  }).nullish(),
});
const LiveChat = z.object({
  videoOffsetTimeMsec: Milliseconds.nullish(),
  replayChatItemAction: z.object({
    videoOffsetTimeMsec: Milliseconds.nullish(),
    actions: z.array(z.object({
      addChatItemAction: z.object({ item: z.record(z.string(), z.unknown()) }).nullish(),
    })),
  }),
});
/** Of all that a chat shows, what people wrote. */
const LIVE_MESSAGES = [
  "liveChatTextMessageRenderer",
  "liveChatPaidMessageRenderer",
  "liveChatMembershipItemRenderer",
];

/** The messages in a line of yt-dlp's `live_chat`; nothing if it is no such line. */
export function parseLiveChat(value: unknown): readonly CommentContent[] | string | undefined {
  if (typeof value !== "object" || value === null || !("replayChatItemAction" in value)) return undefined;
  const parsed = LiveChat.safeParse(value);
  if (!parsed.success) return "is no action of a live chat";
  const { videoOffsetTimeMsec, replayChatItemAction: { actions, ...replay } } = parsed.data;
  const milliseconds = replay.videoOffsetTimeMsec ?? videoOffsetTimeMsec;
  return actions.flatMap(({ addChatItemAction }) => {
    const item = addChatItemAction?.item ?? {};
    const renderer = LiveRenderer.safeParse(
      LIVE_MESSAGES.map((name) => item[name]).find((one) => one !== undefined),
    );
    if (!renderer.success || milliseconds === undefined || milliseconds === null) return [];
    const { authorName, message } = renderer.data;
    const text = (message?.runs ?? []).map((run) => run.text ?? run.emoji?.shortcuts?.[0] ?? "").join("");
    return [{ time: milliseconds / 1000, message: text, userName: authorName?.simpleText }];
  });
}

function hasBotBadge(badges: z.output<typeof Badges>): boolean {
  return badges?.some((badge) => (badge?._id ?? badge?.setID) === BOT_BADGE) ?? false;
}

function joinFragments(fragments: z.output<typeof Fragments>): string {
  return (fragments ?? []).map((part) => part?.text ?? "").join("");
}
