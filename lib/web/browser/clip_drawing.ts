import type { Surface } from "lib/web/browser/canvas.ts";
import type { LoadedClip } from "lib/web/browser/clip_cache.ts";
import {
  drawFrequencies,
  drawTimeAxis,
  drawWaveform,
  pictureParts,
  waveformGain,
} from "lib/web/browser/sound_picture.ts";
import { timeToX } from "lib/web/browser/view_range.ts";

/** Draws what stays as it is: spectrogram, waveform and times of a clip. */
export function drawClip(surface: Surface, { item, picture }: LoadedClip): void {
  const { spectrogram, waveform } = pictureParts(surface.height);
  const range = { start: 0, end: item.duration };
  surface.context.drawImage(picture, 0, 0, surface.width, spectrogram);
  const runs = [{ values: item.peaks, ...range }];
  drawWaveform(surface, runs, range, {
    top: spectrogram,
    height: waveform,
    gain: waveformGain(runs, range),
  });
  drawTimeAxis(surface, range, spectrogram + waveform);
}

/**
 * Draws what moves: a shade over what is not marked, and the playhead.
 *
 * @param marks In seconds of the clip.
 */
export function drawClipMarks(
  surface: Surface,
  { item }: LoadedClip,
  marks: { readonly onset: number; readonly offset: number; readonly position: number },
): void {
  const { context, width, height } = surface;
  const { spectrogram, waveform } = pictureParts(height);
  const xOf = (time: number) => timeToX(time, { start: 0, end: item.duration }, width);
  const [left, right, head] = [xOf(marks.onset), xOf(marks.offset), xOf(marks.position)];
  context.fillStyle = "rgb(10 14 20 / 0.55)";
  context.fillRect(0, 0, left, spectrogram);
  context.fillRect(right, 0, width - right, spectrogram);
  context.fillStyle = "rgb(128 128 128 / 0.22)";
  context.fillRect(0, spectrogram, left, waveform);
  context.fillRect(right, spectrogram, width - right, waveform);
  // Above the shade, so that they can be read.
  drawFrequencies(surface, item.spectrogram.marks, spectrogram);
  context.fillStyle = "#fff";
  context.fillRect(head - 1, 0, 2, spectrogram);
  context.fillStyle = "rgb(128 128 128)";
  context.fillRect(head - 1, spectrogram, 2, waveform);
}
