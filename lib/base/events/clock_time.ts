/** Time of day style with milliseconds, `01:02:03.456`, as subtitles need it; hours take as many digits as they need. */
export function formatClockMs(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");
  const whole = Math.floor(ms / 1000);
  return `${pad(Math.floor(whole / 3600))}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}.${
    pad(ms % 1000, 3)
  }`;
}

/** Shortest style in whole seconds, cut: `0:07`, `12:07`, `1:02:03`. */
export function formatClock(seconds: number): string {
  const whole = Math.floor(seconds);
  const pad = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/**
 * Seconds of `[hours:]minutes:seconds[.fraction]`, or undefined if the text is none; a comma may stand for the point.
 * 125:30 is two hours, five minutes and a half; 1:75:30 and 0:75 are slips.
 */
export function parseClock(text: string): number | undefined {
  const match = /^(?:(\d+):(?=[0-5]?\d:))?(\d{1,4}):([0-5]\d(?:[.,]\d+)?)$/.exec(text.trim());
  if (!match) return undefined;
  const [, hours = "0", minutes = "", seconds = ""] = match;
  // In milliseconds, so that 3723.456 does not come back with the noise of adding up.
  const ms = Math.round(Number(seconds.replace(",", ".")) * 1e6) / 1e3;
  return (Number(hours) * 3_600_000 + Number(minutes) * 60_000 + ms) / 1000;
}
