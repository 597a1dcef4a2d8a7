/** Time into a recording as Twitch writes it in links: `1h2m3s`. Fractions are cut, so that a link never comes late. */
export function formatLinkTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours}h${minutes}m${whole % 60}s`;
  return minutes > 0 ? `${minutes}m${whole % 60}s` : `${whole}s`;
}

/**
 * A link that opens a recording at a time: Twitch VODs (an id, with or without the letter v, or an address) get
 * `?t=1h2m3s`, other http addresses the media fragment `#t=3723`. Undefined for recordings without an address.
 *
 * @param seconds Time in the recording, in seconds.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(deepLink("v123456789", 3723.9), "https://www.twitch.tv/videos/123456789?t=1h2m3s");
 * ```
 */
export function deepLink(recording: string, seconds: number): string | undefined {
  const id = /^v?(\d{6,})$/.exec(recording)?.[1];
  const url = id ? new URL(`https://www.twitch.tv/videos/${id}`) : parseHttpAddress(recording);
  if (!url) return undefined;
  if (/(^|\.)twitch\.tv$/.test(url.hostname)) {
    url.searchParams.set("t", formatLinkTime(seconds));
  } else if (/(^|\.)(youtube\.com|youtu\.be)$/.test(url.hostname)) {
    url.searchParams.set("t", `${Math.max(0, Math.floor(seconds))}s`);
  } else {
    url.hash = `t=${Math.max(0, Math.floor(seconds))}`;
  }
  return url.href;
}

function parseHttpAddress(text: string): URL | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  return URL.canParse(text) ? new URL(text) : undefined;
}
