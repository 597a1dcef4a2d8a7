import { join } from "node:path";
import type { PlaybackSource, VodAccess } from "lib/media/hls/playback_source.ts";
import { openVod, type OpenVodOptions, type Vod } from "lib/media/hls/vod.ts";

/**
 * Opens a VOD whose segments are kept in a folder of their rendition, `<folder>/<VOD id>/<rendition>/`, so that what was
 * fetched in one quality is never taken for another.
 *
 * @throws As `openVod`.
 */
export async function openKeptVod(
  vodId: string,
  { folder, ...options }: Omit<OpenVodOptions, "cacheFolder"> & { readonly folder: string },
): Promise<Vod> {
  const { access, quality, signal } = options;
  const first = await access.openVod(vodId, { quality, signal });
  const rendition = first.rendition.id.replaceAll(/[^\w-]/g, "_");
  return await openVod(vodId, {
    ...options,
    access: resumeWith(first, access),
    // The one that was chosen: a renewed permission must not lead to another rendition.
    quality: quality ?? first.rendition.id,
    cacheFolder: join(folder, vodId, rendition),
  });
}

/** Access whose first answer is known already. */
function resumeWith(known: PlaybackSource, access: VodAccess): VodAccess {
  let first: PlaybackSource | undefined = known;
  return {
    name: access.name,
    async openVod(vodId, options) {
      const source = first ?? await access.openVod(vodId, options);
      first = undefined;
      return source;
    },
  };
}
