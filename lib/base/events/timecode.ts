/**
 * SMPTE timecode of whole frames. A frame rate with a fraction, such as 29.97, is the NTSC rate 30000/1001: its
 * timecode counts 30 frames to a second that lasts a little longer.
 */
export interface FrameRate {
  /** Frames a second. */
  readonly exact: number;
  /** Frames that the timecode counts as one second. */
  readonly nominal: number;
}

/**
 * The rate that a number of frames a second stands for: whole from 1 to 120, or 23.976, 29.97, 47.952, 59.94, 119.88.
 * @throws {RangeError} If it is none of them.
 */
export function toFrameRate(framesPerSecond: number): FrameRate {
  const nominal = Math.ceil(framesPerSecond);
  if (nominal >= 1 && nominal <= 120) {
    if (nominal === framesPerSecond) return { exact: nominal, nominal };
    const exact = nominal * 1000 / 1001;
    if (nominal % 6 === 0 && Math.abs(exact - framesPerSecond) < 0.01) return { exact, nominal };
  }
  throw new RangeError(`Cannot write timecode: ${framesPerSecond} frames a second is no usual frame rate`);
}

/** Non-drop timecode `hh:mm:ss:ff` of a frame. */
export function formatTimecode(frame: number, { nominal }: FrameRate): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  const seconds = Math.floor(frame / nominal);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60, frame % nominal]
    .map(pad).join(":");
}

/**
 * Frame of a timecode, or undefined if the text is none. A semicolon marks drop-frame timecode, which skips the first
 * two numbers (four at 59.94) of each minute but every tenth, to keep pace with the clock (SMPTE ST 12-1).
 */
export function parseTimecode(text: string, { nominal }: FrameRate): number | undefined {
  const match = /^(\d+):(\d{2})[:;](\d{2})([:;.])(\d{2,3})$/.exec(text.trim());
  if (!match) return undefined;
  const [hours, minutes, seconds, frames] = [1, 2, 3, 5].map((group) => Number(match[group])) as [
    number,
    number,
    number,
    number,
  ];
  if (minutes > 59 || seconds > 59 || frames >= nominal) return undefined;
  const totalMinutes = hours * 60 + minutes;
  const count = (totalMinutes * 60 + seconds) * nominal + frames;
  if (match[4] !== ";") return count;
  return count - nominal / 15 * (totalMinutes - Math.floor(totalMinutes / 10));
}
