const ID = /^v?(\d{1,20})$/i;
const PATHS = [/^\/videos\/v?(\d{1,20})\/?$/, /^\/[\w]+\/(?:v|video|b)\/(\d{1,20})\/?$/];

/**
 * Id of a VOD from what people paste: `123`, `v123`, `https://www.twitch.tv/videos/123?t=1h2m3s`,
 * `twitch.tv/somebody/v/123`, or the address of the embedded player.
 *
 * @returns The digits, or nothing where the text names no VOD.
 */
export function parseVodId(text: string): string | undefined {
  const trimmed = text.trim();
  const id = ID.exec(trimmed);
  if (id) return id[1];
  const address = /^[a-z]+:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!/^(?:[\w-]+\.)?twitch\.tv$/.test(url.hostname) || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.hostname === "player.twitch.tv") return ID.exec(url.searchParams.get("video") ?? "")?.[1];
  for (const path of PATHS) {
    const match = path.exec(url.pathname);
    if (match) return match[1];
  }
  return undefined;
}

/** Address of a VOD. */
export function vodUrl(vodId: string): string {
  return `https://www.twitch.tv/videos/${vodId}`;
}

/** Address that opens a VOD at a moment, such as `https://www.twitch.tv/videos/123?t=1h2m3s`. */
export function vodDeepLink(vodId: string, seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${vodUrl(vodId)}?t=${Math.floor(whole / 3600)}h${Math.floor(whole / 60) % 60}m${whole % 60}s`;
}

/**
 * Login of a channel from `somebody`, `@Somebody`, `#somebody` or `https://www.twitch.tv/somebody`.
 *
 * @returns The login in lower case, or nothing where the text is none.
 */
export function parseChannel(text: string): string | undefined {
  const match = /^(?:(?:https?:\/\/)?(?:[\w-]+\.)?twitch\.tv\/|[@#])?([a-z0-9]\w{1,24})\/?(?:\?.*)?$/i.exec(
    text.trim(),
  );
  return match?.[1]?.toLowerCase();
}
