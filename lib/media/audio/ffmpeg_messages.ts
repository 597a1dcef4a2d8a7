/** Seconds that the description of the input declares, where ffmpeg printed some. */
export function declaredSeconds(messages: string): number | undefined {
  const match = /Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(messages);
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined;
}

/** Where the time stamps of the whole recording begin, in seconds; 0 where ffmpeg printed nothing of it. */
export function startSeconds(messages: string): number {
  return Number(/Duration: .*?, start: (-?\d+\.\d+)/.exec(messages)?.[1] ?? 0);
}

/**
 * Whether a recording does not tell how much silence its encoder has put in front: raw AAC never does, and MP3 without the
 * header of LAME does not. Encoders differ (1024 to 2112 samples, and 1105), so that nothing can be subtracted.
 */
export function lacksDelay(messages: string): boolean {
  return /Input #0, aac,/.test(messages) || (/Input #0, mp3,/.test(messages) && startSeconds(messages) === 0);
}

/** Whether a recording has no times and ffmpeg counts them by the first rate, whatever rates come later: so it is with raw AAC. */
export function countsByFirstRate(messages: string): boolean {
  return /Input #0, aac,/.test(messages);
}

/** Whether ffmpeg goes to other places than it was told to: it reckons so in blocks of compressed WAV and its relatives. */
export function landsElsewhere(messages: string): boolean {
  const [input = ""] = messages.split("] Output #0");
  return /Input #0, (wav|w64|aiff|au|caf),/.test(input) && !/Stream #0.*: Audio: pcm_[suf]/.test(input);
}

/** Whether ffmpeg opened the recording and found sound in it. */
export function describesSound(messages: string): boolean {
  return /Stream #0.*: Audio: /.test(messages);
}

/** Why ffmpeg gave no sound at all, and what to do, in one line. */
export function describeFailure(messages: string): string {
  const errors = errorLines(messages);
  const all = errors.join(" ");
  if (/matches no streams|does not contain any stream/.test(all)) {
    return "it has no audio track: give a recording with sound";
  }
  if (/moov atom not found/.test(all)) {
    return "it was cut off or is still being written (its index is missing): download or record it again";
  }
  if (
    /not on whitelist|Unknown format|Invalid data found when processing input|Invalid argument$/.test(all)
  ) {
    return "this is no recording that ffmpeg knows, or it is damaged: give a sound or video file";
  }
  if (errors.length === 0) return "there is no sound in it: give a recording with sound";
  return `ffmpeg cannot read it (${errors.at(-1)}): give another recording or convert it`;
}

/** What was wrong with a recording of which something could be read, in one line; nothing for a sound one. */
export function describeDamage(run: {
  /** Messages up to the first sound. */
  opening: string;
  /** The last messages. */
  ending: string;
  success: boolean;
  /** Where the sound ends, in seconds from the beginning of the recording. */
  readSeconds: number;
}): string | undefined {
  // Decoders of video, which only look at the beginning, complain of streams that begin in the midst of a picture.
  const damage = errorLines(run.ending).find((line) =>
    /partial file|prematurely|truncat|corrupt|decoding stream|Invalid data|Input\/output error/i.test(line)
  );
  const seconds = run.readSeconds.toFixed(1);
  const declared = declaredSeconds(run.opening);
  if (damage || !run.success) {
    const detail = damage ?? errorLines(run.ending).at(-1);
    return `damaged or cut short${detail ? ` (${detail})` : ""}: went up to ${seconds} s`;
  }
  // A video may well go on without its sound, and a duration estimated from the bit rate promises nothing.
  if (declared === undefined || /Estimating duration|: Video:/.test(run.opening)) return undefined;
  const slack = Math.max(1, 0.01 * declared);
  // Some containers count their duration from time stamp 0, though theirs begin later.
  const isWhole = Math.abs(declared - startSeconds(run.opening) - run.readSeconds) <= slack;
  if (!isWhole && declared - run.readSeconds > slack) {
    return `cut short: ends after ${seconds} s, though it should last ${declared.toFixed(1)} s`;
  }
  return undefined;
}

/** Texts of the lines of level error and above, without the address of the part that wrote them. */
function errorLines(messages: string): string[] {
  return messages.split("\n").flatMap((line) => {
    const match = /\[(?:error|fatal|panic)\] (.*)$/.exec(line);
    return match?.[1] ? [match[1].trim()] : [];
  });
}
