import { isChatText } from "lib/media/chat/chat_text.ts";

/** How a chat file is written. */
type ChatFormat = "csv" | "json" | "json lines" | "text" | "html";

/** What is read, for help and error messages. */
export const CHAT_FORMATS =
  "CSV with columns time and message; JSON (also packed as .json.gz), HTML and text with relative " +
  "times of TwitchDownloader; JSON of twitch-dl and twitch-chatlog; JSON, CSV and text of chat-downloader; live_chat of yt-dlp";

/** Endings of chat files. */
export const CHAT_FILE = /\.(csv|tsv|txt|html?|json|jsonl)(\.gz)?$/i;

/** The format of a chat file, by its beginning; CSV where nothing else is recognised, since its reader says what is missing. */
export function chatFormatOf(head: string): ChatFormat {
  const text = head.replace(/^\uFEFF/, "").trimStart();
  const [first = ""] = text.split(/\r\n|\n|\r/);
  if (text.startsWith("<")) return "html";
  if (/^\[\s*(?:[{\]]|$)/.test(text)) return "json";
  if (text.startsWith("{")) return hasLines(first, text) ? "json lines" : "json";
  return isChatText(first) ? "text" : "csv";
}

/** Whether an object ends with the first line, and another one follows or it is a message itself. */
function hasLines(first: string, text: string): boolean {
  let value: object;
  try {
    value = JSON.parse(first);
  } catch {
    return false;
  }
  return text.slice(first.length).trimStart().startsWith("{") || !("comments" in value);
}
