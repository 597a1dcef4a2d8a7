import { join, resolve } from "node:path";
import { isMediaName, withoutMediaExtension } from "lib/base/events/media_name.ts";
import { ifThere } from "lib/base/system/if_there.ts";
import { chatStem } from "lib/media/chat/chat_file.ts";
import { CHAT_FILE } from "lib/media/chat/chat_format.ts";

/** A recording in a file, with its chat beside it under the same name. */
interface FolderRecording {
  readonly kind: "files";
  readonly media: string;
  readonly chat: string | undefined;
}

/**
 * A folder of this machine as a platform: `folder://DIR` is a channel, and `folder://DIR/NAME`, with or without an
 * ending, a recording of it. A relative DIR is seen from the working folder.
 */
export const FOLDER_PLATFORM = Object.freeze({
  name: "folder",
  noun: "recording",
  recording(address: string) {
    const path = pathOf(address);
    return path === undefined ? undefined : { open: () => findRecording(path) };
  },
  channel(address: string) {
    const path = pathOf(address);
    if (path === undefined) return undefined;
    return { name: path, list: ({ sinceMs = -Infinity } = {}) => listRecordings(path, sinceMs) };
  },
});

function pathOf(address: string): string | undefined {
  const path = /^folder:\/\/(.+)$/i.exec(address.trim())?.[1];
  return path === undefined ? undefined : resolve(path);
}

/** @throws {Deno.errors.NotFound} if there is none. */
async function findRecording(path: string): Promise<FolderRecording> {
  const all = await listRecordings(join(path, ".."), -Infinity);
  const wanted = path.normalize("NFC");
  const found = all.find(({ media }) => {
    const name = media.normalize("NFC");
    return name === wanted || withoutMediaExtension(name) === wanted;
  });
  if (found === undefined) {
    const isFolder = await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
    throw new Deno.errors.NotFound(
      isFolder
        ? `${path} is a folder: --channel folder://${path} takes all recordings in it`
        : `${path}: there is no such recording`,
    );
  }
  return found;
}

/**
 * The recordings of a folder, the oldest first, and those of one time by name.
 * @throws {Deno.errors.NotFound} if there is no such folder.
 */
async function listRecordings(folder: string, sinceMs: number): Promise<FolderRecording[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) if (!isDirectory) names.push(name);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory)) throw cause;
    throw new Deno.errors.NotFound(`${folder}: there is no such folder`, { cause });
  }
  const chats = new Map(names.filter((name) => CHAT_FILE.test(name)).map((name) => [chatStem(name), name]));
  const found = [];
  for (const name of names.filter(isMediaName).sort()) {
    const media = join(folder, name);
    const info = await ifThere(Deno.stat(media));
    // A link may lead to a folder, or to nothing.
    if (!info?.isFile) continue;
    const atMs = info.mtime?.getTime() ?? 0;
    const chat = chats.get(withoutMediaExtension(name).normalize("NFC"));
    if (atMs >= sinceMs) found.push({ atMs, media, chat: chat && join(folder, chat) });
  }
  return found.sort((a, b) => a.atMs - b.atMs).map(({ media, chat }) => ({ kind: "files", media, chat }));
}
