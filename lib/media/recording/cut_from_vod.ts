import type { TimeSpan } from "lib/base/events/time_span.ts";
import type { Vod } from "lib/media/hls/vod.ts";
import { readVodWindow } from "lib/media/hls/vod_stream.ts";
import { cutVideo } from "lib/media/video/cut_video.ts";

/** Cuts a part out of a VOD, with picture; nothing where the part lies outside of it. */
export async function cutFromVod(
  vod: Vod,
  span: TimeSpan,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const media = await readVodWindow(vod, span, { signal });
  if (!media) return;
  const temporary = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeFile(temporary, media.bytes);
    await cutVideo(temporary, { start: span.start - media.start, end: span.end - media.start }, path, {
      signal,
    });
  } finally {
    await Deno.remove(temporary);
  }
}
