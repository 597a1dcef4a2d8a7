import { MissingProgramError, requireProgram } from "lib/base/system/programs.ts";
import { runProgram } from "lib/base/system/run_program.ts";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { decodeFrames } from "lib/media/audio/sample_format.ts";

/** How a microphone is opened. */
interface MicrophoneOptions {
  /** In Hz. */
  readonly sampleRate: number;
  /** Name as the system gives it; its default microphone unless named, which Windows does not know. */
  readonly device?: string;
  readonly signal?: AbortSignal | undefined;
  /** The system; this machine's by default. */
  readonly os?: typeof Deno.build.os;
}

/**
 * How ffmpeg is told to listen: PulseAudio (which PipeWire answers too) on Linux, AVFoundation on macOS, DirectShow on
 * Windows.
 *
 * @throws {AudioError} Where a name is needed.
 */
export function microphoneInput(os: typeof Deno.build.os, device: string | undefined): string[] {
  if (os === "darwin") return ["-f", "avfoundation", "-i", `:${device ?? "default"}`];
  if (os === "windows") {
    if (device) return ["-f", "dshow", "-audio_buffer_size", "50", "-i", `audio=${device}`];
    throw new AudioError(
      "microphone",
      'Windows knows no default: give mic:NAME; "ffmpeg -list_devices true -f dshow -i dummy" lists the names',
    );
  }
  // Names of ALSA have a colon, such as hw:0; those of PulseAudio do not.
  return device?.includes(":") ? ["-f", "alsa", "-i", device] : ["-f", "pulse", "-i", device ?? "default"];
}

/**
 * Opens a microphone: mono samples as they come, until the signal aborts or the loop over them is left.
 *
 * @throws {AudioError} When there is no ffmpeg; and while iterating, when the device gives no sound.
 */
export async function openMicrophone(
  options: MicrophoneOptions,
): Promise<AsyncGenerator<Float32Array<ArrayBuffer>, void, void>> {
  const { sampleRate, device, signal, os = Deno.build.os } = options;
  const name = device ? `microphone ${device}` : "microphone";
  const input = microphoneInput(os, device);
  const ffmpeg = await requireProgram("ffmpeg").catch((error) => {
    throw error instanceof MissingProgramError
      ? new AudioError(name, error.message, { cause: error })
      : error;
  });
  async function* blocks(): AsyncGenerator<Float32Array<ArrayBuffer>, void, void> {
    const program = runProgram(ffmpeg.path, [
      ...["-hide_banner", "-nostats", "-nostdin", "-loglevel", "error", "-fflags", "nobuffer"],
      ...input,
      ...["-ac", "1", "-ar", String(sampleRate), "-f", "s16le", "pipe:1"],
    ], { signal });
    let torn = new Uint8Array(0);
    for await (const chunk of program.stdout) {
      const bytes = new Uint8Array(torn.length + chunk.length);
      bytes.set(torn);
      bytes.set(chunk, torn.length);
      const whole = bytes.length - bytes.length % 2;
      torn = bytes.slice(whole);
      if (whole > 0) yield decodeFrames(bytes.subarray(0, whole), { format: "pcm16", channels: 1 });
    }
    const { success } = await program.status;
    if (!success) {
      const reason = program.stderrTail().trim().split("\n").at(-1) ?? "";
      throw new AudioError(name, `it gives no sound (${reason}): check its name and that it may be used`);
    }
  }
  return blocks();
}
