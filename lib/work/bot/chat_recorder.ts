import { dirname } from "node:path";
import { writeFileAtomic } from "lib/base/system/atomic_file.ts";
import { leadsSomewhere } from "lib/base/system/exists.ts";
import { chatCsvHeader, chatCsvRow } from "lib/media/chat/chat_csv.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";

/** Writes a chat down while it goes on, in the format that the harvest reads. */
export interface ChatRecorder {
  /** Adds a message; it is in the file when {@linkcode ChatRecorder.close} returns at the latest. */
  write(message: ChatMessage): void;
  /** @throws the error of a message that could not be written, such as a full disk. */
  close(): Promise<void>;
}

/**
 * Opens a chat file for adding to; with the first message it appears. Each row is handed to the operating system at once
 * and as a whole, so that a killed program leaves whole rows.
 *
 * @param options `onError` is told of the first message that cannot be written; later ones are tried again.
 */
export function openChatRecorder(
  path: string,
  options: { readonly onError: (error: unknown) => void },
): ChatRecorder {
  let file: Deno.FsFile | undefined;
  let isFailing = false;
  let writing: Promise<void> = Promise.resolve();
  const open = async (): Promise<Deno.FsFile> => {
    await Deno.mkdir(dirname(path), { recursive: true });
    // With its header at once: a file without one is no chat file, should the program end here.
    if (!await leadsSomewhere(path)) {
      await writeFileAtomic(path, chatCsvHeader(true));
    }
    return await Deno.open(path, { append: true });
  };
  return {
    write(message) {
      writing = writing.then(async () => {
        try {
          file ??= await open();
          await file.write(new TextEncoder().encode(chatCsvRow(message, true)));
          isFailing = false;
        } catch (error) {
          if (!isFailing) options.onError(error);
          isFailing = true;
        }
      });
    },
    async close() {
      await writing;
      file?.close();
      file = undefined;
    },
  };
}
