const CLOCK = /^(?:(\d{1,4}):)?(\d{1,4}):([0-5]?\d(?:\.\d{1,9})?)$/;
const SECONDS = /^\d{1,9}(?:\.\d{1,12})?$/;
const NEGATIVE = /^[-\u2212](?=[\d.,:]*[1-9])[\d.,:]+$/;

/**
 * Time of a chat message from its text: seconds (`83`, `83.5`) or clock time (`1:02:03`, `2:03.250`), perhaps with a decimal
 * comma.
 *
 * @returns Seconds from the beginning of the recording, at least 0.
 * @throws {SyntaxError} if the text is neither, or lies before the beginning.
 */
export function parseChatTime(text: string): number {
  const trimmed = text.trim().replace(/(\d),(\d+)$/, "$1.$2").replace(/^[-\u2212](?=[0.:]+$)/, "");
  if (SECONDS.test(trimmed)) return Number(trimmed);
  const clock = CLOCK.exec(trimmed);
  const minutes = Number(clock?.[2]);
  // 61:05 is an hour and a minute, but 1:61:05 is a slip of somebody's spreadsheet.
  if (clock && (clock[1] === undefined || minutes < 60)) {
    return Number(clock[1] ?? 0) * 3600 + minutes * 60 + Number(clock[3]);
  }
  if (NEGATIVE.test(trimmed)) {
    throw new SyntaxError(`a message of time ${trimmed}, before the recording begins`);
  }
  const shown = trimmed.length > 40 ? `${trimmed.slice(0, 40)}…` : trimmed;
  throw new SyntaxError(
    `time must be seconds from the start of the VOD or h:mm:ss, is ${JSON.stringify(shown)}`,
  );
}
