import { formatClock, formatClockMs } from "lib/base/events/clock_time.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";

/** Bytes of a text in UTF-16, little end first, with its mark. */
export function utf16(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 2 + 2);
  const view = new DataView(bytes.buffer);
  [..."\uFEFF" + text].join("").split("").forEach((unit, i) =>
    view.setUint16(2 * i, unit.charCodeAt(0), true)
  );
  return bytes;
}

/** Bytes packed with gzip. */
export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
/** `1:02:03`. */
const clock = (time: number) => formatClockMs(time).slice(1, 8);
const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** TwitchDownloader's JSON; `start` and `end` are those of the part of the VOD. */
export function downloaderJson(
  chat: readonly ChatMessage[],
  video: Readonly<Record<string, unknown>> = { id: "1746376348", start: 0, end: 100 },
): string {
  const comments = chat.map(({ time, userName, message }) => ({
    content_offset_seconds: time,
    commenter: { display_name: userName, name: userName },
    message: { body: message, fragments: [{ text: message }], user_badges: [] },
  }));
  return JSON.stringify({ FileInfo: { Version: { Major: 1 } }, video, comments, embeddedData: null });
}

/** TwitchDownloader's HTML, with a style, badges and an emote around what is said. */
export function downloaderHtml(chat: readonly ChatMessage[]): string {
  const lines = chat.map(({ time, userName, message }) =>
    `<pre class="comment-root">[${clock(time)}] ` +
    '<img class="emote-image badge-vip-1" title="vip"><div class="invis-text">vip</div> ' +
    `<a href="https://example.test/${userName}"><span class="comment-author" style="color: #FF0000">${
      escape(userName ?? "")
    }</span></a>` +
    `<span class="comment-message">: ${
      escape(message)
    } <img class="emote-image" title="x"><div class="invis-text">Kappa</div> ` +
    "</span></pre>\n"
  );
  return `<!DOCTYPE html>\n<style>\n.first-1 { content:url("data:image/png;base64, ${
    "A".repeat(3000)
  }"); }\n</style>\n<body>\n${lines.join("")}</body>`;
}

/** A chat as each exporter that is read writes it, by the name of its file. */
export async function chatExports(
  chat: readonly ChatMessage[],
): Promise<Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>> {
  const items = chat.map(({ time, userName, message }) => ({
    time_in_seconds: time,
    time_text: formatClock(time),
    message,
    author: { id: "1", name: userName, display_name: userName },
  }));
  const live = chat.map(({ time, userName, message }) => ({
    replayChatItemAction: {
      actions: [{
        addChatItemAction: {
          item: {
            liveChatTextMessageRenderer: {
              message: { runs: [{ text: message }, { emoji: { shortcuts: [":x:"] } }] },
              authorName: { simpleText: userName },
            },
          },
        },
      }],
      videoOffsetTimeMsec: String(time * 1000),
    },
  }));
  const ticker = {
    replayChatItemAction: { actions: [{ addLiveChatTickerItemAction: {} }], videoOffsetTimeMsec: "0" },
  };
  const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");
  const text = chat.map(({ time, userName, message }) => `[${clock(time)}] ${userName}: ${message}`);
  return {
    "downloader.json": downloaderJson(chat),
    "downloader.json.gz": await gzip(downloaderJson(chat)),
    "downloader.html": utf16(downloaderHtml(chat)),
    "one-line.html": downloaderHtml(chat).replaceAll("\n", ""),
    "downloader.txt": text.join("\r\n"),
    "unicode.txt": utf16(text.join("\r")),
    "chatlog.json": JSON.stringify(JSON.parse(downloaderJson(chat)).comments),
    "chat-downloader.json": JSON.stringify(items, null, 4),
    "chat-downloader.jsonl": lines(items),
    "chat-downloader.csv": "author.display_name,author.id,author.name,message,time_in_seconds,time_text\r\n" +
      items.map(({ author: { name }, message, time_in_seconds, time_text }) =>
        `${name},1,${name},${quote(message)},${time_in_seconds},${time_text}\r\n`
      ).join(""),
    "chat-downloader.txt": chat.map(({ time, userName, message }) =>
      `${formatClock(time)} | (Moderator, Subscriber) ${userName}: ${message}\n`
    ).join(""),
    "irc.txt": chat.map(({ time, userName, message }) => `[${clock(time)}] <${userName}> ${message}\n`).join(
      "",
    ),
    "video.live_chat.json": lines([ticker, ...live]),
    "semicolons.csv": "\uFEFFtime;user_name;message\r\n" +
      chat.map(({ time, userName, message }) => `${time};${userName};${quote(message)}\r\n`).join("") +
      ";;\r\n;;\r\n",
    "separator.csv": "sep=;\r\ntime;user_name;message\r\n" +
      chat.map(({ time, userName, message }) => `${time},0;${userName};${quote(message)}\r\n`).join(""),
    "padded.csv": ",,,\ntime,user_name,message\n" +
      chat.map(({ time, userName, message }) => `${time},${userName},${quote(message)},,\n`).join(""),
    "separator.tsv": "sep=\t\r\ntime\tuser_name\tmessage\r\n" +
      chat.map(({ time, userName, message }) => `${time}\t${userName}\t${quote(message)}\r\n`).join(""),
    "unicode.csv": utf16(
      "time\tuser_name\tmessage\n" +
        chat.map(({ time, userName, message }) => `${time}\t${userName}\t${quote(message)}\n`).join(""),
    ),
  };
}
