import { basename, extname, join } from "node:path";
import { formatClock } from "lib/base/events/clock_time.ts";
import type { Logger } from "lib/base/system/logger.ts";
import { recordingBeside } from "lib/learning/evaluate/event_files.ts";
import { chatFileVodId, chatStem, readChatFile } from "lib/media/chat/chat_file.ts";
import { CHAT_FILE } from "lib/media/chat/chat_format.ts";
import type { ChatVideo } from "lib/media/chat/chat_json.ts";
import { type ChatEvidence, type EvidenceOptions, readEvidence } from "lib/work/harvest/chat_evidence.ts";
import { cropOffset } from "lib/work/harvest/crop_offset.ts";
import { UsageError } from "tasks/command.ts";
import { logBadRows } from "tasks/command/bad_rows.ts";
import { plainMessage } from "tasks/command/plain_message.ts";

/** A chat that was read, and the recording that it belongs to. */
export interface ChatSource {
  readonly chatPath: string;
  readonly vodId: string | undefined;
  /** File to listen to instead of the VOD. */
  readonly local: string | undefined;
  /** Time of the chat at which the file starts, in seconds. */
  readonly offset: number;
  /** What clip names begin with. */
  readonly name: string;
  /** What the ledger calls the recording. */
  readonly recording: string;
  /** What the chat says of the VOD that it is of. */
  readonly video: ChatVideo | undefined;
  readonly evidence: ChatEvidence;
}

/** What the user asked for. */
interface SourceOptions extends EvidenceOptions {
  readonly chatsFolder: string;
  /** Folder in which recordings may lie that a chat goes with. */
  readonly vodsFolder: string;
  /** Chat files; all of the folder if there are none. */
  readonly chatPaths: readonly string[];
  readonly locals: readonly string[];
  readonly offsets: readonly number[];
  /** VODs that alone are wanted. */
  readonly vodIds: readonly string[];
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Chat files of a folder, by name. */
export async function listChats(folder: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (!isDirectory && !name.startsWith(".") && CHAT_FILE.test(name)) {
        paths.push(join(folder, name));
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return paths.sort();
}

/**
 * Reads chats and pairs them with recordings. A chat that cannot be read is named and left out.
 *
 * @throws {UsageError} if files and chats do not pair.
 */
export async function readSources(
  options: SourceOptions,
): Promise<{ sources: ChatSource[]; failed: boolean }> {
  const { log, locals, offsets, vodIds } = options;
  const chats: ReadChat[] = [];
  let failed = false;
  for (const path of await wantedChats(options)) {
    try {
      chats.push(await readChat(path, options));
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      const message = plainMessage(error.message);
      const text = message.includes(path) ? message : `${path}: ${message}`;
      // Notes may lie in the folder of chats; what nobody named, and no VOD has, need not be a chat.
      const isWanted = options.chatPaths.includes(path) || chatFileVodId(path) !== undefined;
      if (isWanted) log.error(text);
      else log.warn(text);
      failed ||= isWanted;
    }
  }
  const unique = chats.filter((chat, index) => {
    const earlier = chats.slice(0, index).find((other) => isSameChat(chat, other));
    if (earlier !== undefined) log.warn(`${chat.path}: left out, ${earlier.path} is a chat of the same VOD`);
    return earlier === undefined;
  });
  const sources = await withOffsets(pairLocals(unique, { locals, offsets, failed }), options);
  if (locals.length > 0 || vodIds.length > 0) {
    const asked = sources.filter(({ vodId, local }) => local !== undefined || vodIds.includes(vodId ?? ""));
    return { sources: asked, failed };
  }
  // Whoever names a chat wants that one; those of the folder may be there for another reason.
  const isNamed = options.chatPaths.length > 0;
  const ofVods = sources.filter(({ vodId }) => vodId !== undefined);
  for (const { chatPath, vodId } of sources) {
    if (vodId !== undefined) continue;
    const text = `${chatPath}: skipped, ${await whatToDo(chatPath, options)}`;
    if (isNamed) log.error(text);
    else log.warn(text);
  }
  return { sources: ofVods, failed: failed || (isNamed && ofVods.length < sources.length) };
}

/** What can be done with a chat whose name says of no VOD. */
async function whatToDo(chatPath: string, { vodsFolder }: SourceOptions): Promise<string> {
  const beside = await recordingBeside(join(vodsFolder, `${chatStem(chatPath)}.csv`)).catch(() => undefined);
  const why = "its name has no VOD id to fetch a recording by";
  return beside === undefined
    ? `${why}: call it twitch-chat-<id>${
      CHAT_FILE.exec(chatPath)?.[0] ?? ""
    }, or give its recording with --local`
    : `${why}: harvest it with --local ${beside}`;
}

async function wantedChats(
  { chatPaths, chatsFolder, vodIds, locals }: SourceOptions,
): Promise<readonly string[]> {
  if (chatPaths.length > 0) return chatPaths;
  const all = await listChats(chatsFolder);
  // Others need not be read; without an id in its name, a chat may be of any VOD.
  if (vodIds.length > 0 && locals.length === 0) {
    return all.filter((path) => {
      const vodId = chatFileVodId(path);
      return vodId === undefined || vodIds.includes(vodId);
    });
  }
  return all;
}

/** A chat before it has a recording. */
interface ReadChat extends Pick<ChatSource, "vodId" | "video" | "evidence"> {
  readonly path: string;
}

/** Whether two chats are of one VOD, and not of parts of it that lie apart. */
function isSameChat(a: ReadChat, b: ReadChat): boolean {
  if (a.vodId === undefined || a.vodId !== b.vodId) return false;
  const [one, other] = [partOf(a), partOf(b)];
  return one.start < other.end && other.start < one.end;
}

/** The part of its VOD that a chat is of, in seconds; the whole where it does not say. */
function partOf({ video }: ReadChat): { readonly start: number; readonly end: number } {
  const { start = 0, end = Infinity } = video ?? {};
  return end > start ? { start, end } : { start, end: Infinity };
}

async function readChat(path: string, options: SourceOptions): Promise<ReadChat> {
  let video: ChatVideo | undefined;
  const badRows = logBadRows(path, options.log);
  const messages = readChatFile(path, {
    signal: options.signal,
    onVideo: (found) => video = found,
    onBadRow: badRows.onBadRow,
  });
  const evidence = await readEvidence(messages, options);
  badRows.end();
  return { path, vodId: chatFileVodId(path) ?? video?.id, video, evidence };
}

/** The offsets of recordings that go with the chat of a part of a VOD, where the user says nothing else. */
async function withOffsets(
  sources: readonly ChatSource[],
  { log, offsets }: SourceOptions,
): Promise<ChatSource[]> {
  if (offsets.length > 0) return [...sources];
  const placed = [];
  for (const source of sources) {
    const { local, video, chatPath } = source;
    // What is wrong with a recording is said when it is listened to.
    const offset = local === undefined ? 0 : await cropOffset(local, video).catch(() => 0);
    if (local !== undefined && (video?.start ?? 0) > 0) {
      log.info(
        `${chatPath} is the chat of a part of the VOD, from ${
          formatClock(video!.start!)
        } on: ${local} is taken to begin ` +
          `${offset > 0 ? "there" : "with the VOD"} (--offset says otherwise)`,
      );
    }
    placed.push({ ...source, offset });
  }
  return placed;
}

/** Pairs files with chats by the VOD id in the file's name or by the whole name, the others by order. */
function pairLocals(
  chats: readonly ReadChat[],
  { locals, offsets, failed }: {
    readonly locals: readonly string[];
    readonly offsets: readonly number[];
    /** Whether there are chats that could not be read, which have been named. */
    readonly failed: boolean;
  },
): ChatSource[] {
  if (offsets.length > 1 && offsets.length !== locals.length) {
    throw new UsageError(`--offset is given ${offsets.length} times for ${locals.length} --local`);
  }
  const pairs = new Map<string, number>();
  const idOf = (local: string) =>
    chats.find(({ path }) => chatStem(path) === basename(local, extname(local)).normalize("NFC")) ??
      chats.find(({ vodId }) =>
        vodId !== undefined && new RegExp(`(?<!\\d)${vodId}(?!\\d)`).test(basename(local))
      );
  locals.forEach((local, index) => {
    const chat = idOf(local);
    if (chat && pairs.has(chat.path)) {
      throw new UsageError(`two --local go with ${chat.path}; harvest them one after the other`);
    }
    if (chat) pairs.set(chat.path, index);
  });
  const open = chats.filter(({ path }) => !pairs.has(path));
  const left = locals.flatMap((local, index) => idOf(local) ? [] : [index]);
  // By order only where it is clear which is meant.
  const isClear = left.length === open.length;
  if (left.length > 0 && !isClear && !failed) {
    throw new UsageError(
      `${left.length} --local without a VOD id in the name, but ${open.length} chats without a recording: name as ` +
        "many chat files, in the same order",
    );
  }
  if (isClear) left.forEach((index, place) => pairs.set(open[place]!.path, index));
  return chats.map(({ path, vodId, video, evidence }) => {
    const index = pairs.get(path);
    const local = index === undefined ? undefined : locals[index]!;
    const stem = local === undefined ? undefined : basename(local, extname(local));
    return {
      chatPath: path,
      vodId,
      local,
      offset: index === undefined ? 0 : offsets[offsets.length > 1 ? index : 0] ?? 0,
      name: vodId ?? stem ?? basename(path, extname(path)),
      recording: vodId ?? local ?? path,
      video,
      evidence,
    };
  });
}
