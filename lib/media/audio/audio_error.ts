/**
 * A recording that cannot be read: missing, empty, not sound, damaged, or in need of a program that is not there.
 * The message is one line that names the recording and says what to do; callers catch it to go on with the next file.
 */
export class AudioError extends Error {
  override readonly name = "AudioError";
  /** Path or name of the recording. */
  readonly recording: string;

  /**
   * @param recording Path or name of the recording; begins the message.
   * @param problem What is wrong and what to do about it.
   */
  constructor(recording: string, problem: string, options?: ErrorOptions) {
    // Names and program output come from outside: a line break in them must not break the one line.
    super(oneLine(`${recording}: ${problem}`), options);
    this.recording = recording;
  }
}

/** Text on one line, without control characters, at most 600 characters long. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is to be removed
  const flat = text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
  return flat.length <= 600 ? flat : `${flat.slice(0, 597)}...`;
}
