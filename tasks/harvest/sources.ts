import { basename, extname, join } from "node:path";
import { chatFileVodId, readChatFile } from "lib/chat/chat_file.ts";
import { recordingBeside } from "lib/evaluate/event_files.ts";
import { type ChatEvidence, type EvidenceOptions, readEvidence } from "lib/harvest/chat_evidence.ts";
import type { Logger } from "lib/system/logger.ts";
import { UsageError } from "tasks/command.ts";
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
  readonly evidence: ChatEvidence;
}

/** What the user asked for. */
export interface SourceOptions extends EvidenceOptions {
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
      if (!isDirectory && !name.startsWith(".") && /\.(csv|json)$/i.test(name)) {
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
  const chats: { path: string; vodId: string | undefined; evidence: ChatEvidence }[] = [];
  let failed = false;
  for (const path of await wantedChats(options)) {
    try {
      chats.push(await readChat(path, options));
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      const message = plainMessage(error.message);
      log.error(message.includes(path) ? message : `${path}: ${message}`);
      failed = true;
    }
  }
  const seen = new Map<string, string>();
  const unique = chats.filter(({ path, vodId }) => {
    const earlier = vodId === undefined ? undefined : seen.get(vodId);
    if (earlier !== undefined) log.warn(`${path}: left out, ${earlier} is a chat of the same VOD`);
    else if (vodId !== undefined) seen.set(vodId, path);
    return earlier === undefined;
  });
  const sources = pairLocals(unique, locals, offsets);
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
    ? `${why}: call it twitch-chat-<id>${extname(chatPath)}, or give its recording with --local`
    : `${why}: harvest it with --local ${beside}`;
}

/** Name of a chat file without what all of them have in common. */
function chatStem(path: string): string {
  return basename(path, extname(path)).replace(/^twitch-chat-/, "");
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

async function readChat(path: string, options: SourceOptions) {
  let vodId = chatFileVodId(path);
  let badRows = 0;
  const messages = readChatFile(path, {
    signal: options.signal,
    onVideoId: (id) => vodId ??= id,
    onBadRow: (error) => {
      if (++badRows <= 3) options.log.warn(`${error.message}: row skipped`);
    },
  });
  const evidence = await readEvidence(messages, options);
  if (badRows > 3) options.log.warn(`${path}: ${badRows} rows skipped in all`);
  return { path, vodId, evidence };
}

/** Pairs files with chats by the VOD id in the file's name or by the whole name, the others by order. */
function pairLocals(
  chats: readonly { path: string; vodId: string | undefined; evidence: ChatEvidence }[],
  locals: readonly string[],
  offsets: readonly number[],
): ChatSource[] {
  if (offsets.length > 1 && offsets.length !== locals.length) {
    throw new UsageError(`--offset is given ${offsets.length} times for ${locals.length} --local`);
  }
  const pairs = new Map<string, number>();
  const idOf = (local: string) =>
    chats.find(({ path, vodId }) =>
      vodId === undefined
        ? chatStem(path) === basename(local, extname(local))
        : new RegExp(`(?<!\\d)${vodId}(?!\\d)`).test(basename(local))
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
  if (left.length > 0 && left.length !== open.length) {
    throw new UsageError(
      `${left.length} --local without a VOD id in the name, but ${open.length} chats without a recording: name as ` +
        "many chat files, in the same order",
    );
  }
  left.forEach((index, place) => pairs.set(open[place]!.path, index));
  return chats.map(({ path, vodId, evidence }) => {
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
      evidence,
    };
  });
}
