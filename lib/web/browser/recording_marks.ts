import { pageColour, type Surface } from "lib/web/browser/canvas.ts";
import { labelLook, TONE_COLOURS } from "lib/web/browser/label_look.ts";
import { pictureParts } from "lib/web/browser/sound_picture.ts";
import { timeToX, type ViewRange } from "lib/web/browser/view_range.ts";
import type { CandidateList, Region } from "lib/web/pages/api_recordings.ts";

/** What is marked on the picture. */
export interface Marks {
  readonly regions: readonly Region[];
  readonly candidates: CandidateList["candidates"];
  readonly chosenRegion?: string | undefined;
  /** Dragged, or begun by a key, and not labelled or ended yet. */
  readonly selection?:
    | { readonly onset: number; readonly offset: number; readonly label?: string }
    | undefined;
  readonly playhead: number;
}

/** Draws what is marked on a picture of a long recording, and the playhead. */
export function drawMarks(
  surface: Surface,
  range: ViewRange,
  marks: Marks & { readonly events: readonly string[] },
): void {
  const { events } = marks;
  const { spectrogram, waveform } = pictureParts(surface.height);
  for (const { onset, offset } of marks.candidates) {
    if (offset < range.start || onset > range.end) continue;
    drawBracket(surface, range, { onset, offset }, spectrogram);
  }
  for (const region of marks.regions) {
    if (region.offset < range.start || region.onset > range.end) continue;
    drawRegion(surface, range, region, {
      spectrogram,
      waveform,
      events,
      chosen: region.id === marks.chosenRegion,
    });
  }
  const { selection } = marks;
  if (selection) {
    const { context } = surface;
    const [left, right] = [
      timeToX(selection.onset, range, surface.width),
      timeToX(selection.offset, range, surface.width),
    ];
    context.fillStyle = "rgb(255 255 255 / 0.22)";
    context.fillRect(left, 0, right - left, spectrogram);
    context.strokeStyle = "#fff";
    context.lineWidth = 1.5;
    context.setLineDash([5, 3]);
    context.strokeRect(left, 1, right - left, spectrogram - 2);
    context.setLineDash([]);
    if (selection.label) drawTag(surface, selection.label, { left, right, events, chosen: true });
  }
  const head = timeToX(marks.playhead, range, surface.width);
  surface.context.fillStyle = "#fff";
  surface.context.fillRect(head - 1, 0, 2, spectrogram);
  surface.context.fillStyle = pageColour("ink");
  surface.context.fillRect(head - 1, spectrogram, 2, waveform);
}

function drawRegion(
  surface: Surface,
  range: ViewRange,
  region: Region,
  { spectrogram, waveform, events, chosen }: {
    readonly spectrogram: number;
    readonly waveform: number;
    readonly events: readonly string[];
    readonly chosen: boolean;
  },
): void {
  const { context, width } = surface;
  const left = timeToX(region.onset, range, width);
  const right = Math.max(left + 1, timeToX(region.offset, range, width));
  const colour = TONE_COLOURS[labelLook(region.label, events).tone]!;
  context.globalAlpha = chosen ? 0.34 : 0.2;
  context.fillStyle = colour;
  context.fillRect(left, 0, right - left, spectrogram + waveform);
  context.globalAlpha = 1;
  context.fillRect(left, 0, chosen ? 3 : 1.5, spectrogram + waveform);
  context.fillRect(right - (chosen ? 3 : 1.5), 0, chosen ? 3 : 1.5, spectrogram + waveform);
  drawTag(surface, region.label, { left, right, events, chosen });
}

/** The name of a label, as far as it fits. */
function drawTag(
  surface: Surface,
  label: string,
  { left, right, events, chosen }: {
    readonly left: number;
    readonly right: number;
    readonly events: readonly string[];
    readonly chosen: boolean;
  },
): void {
  const { context, width } = surface;
  const { text, sign, tone } = labelLook(label, events);
  const from = Math.max(0, left);
  const room = Math.min(width, right) - from;
  if (room < 8) return;
  context.save();
  context.beginPath();
  context.rect(from, 0, room, 20);
  context.clip();
  context.font = `${chosen ? "600 " : ""}12px system-ui, sans-serif`;
  context.fillStyle = TONE_COLOURS[tone]!;
  const words = `${sign} ${text}`;
  context.fillRect(from, 0, Math.min(room, context.measureText(words).width + 12), 19);
  context.fillStyle = "#10141a";
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillText(words, from + 6, 10);
  context.restore();
}

/** Where something may be. */
function drawBracket(
  { context, width }: Surface,
  range: ViewRange,
  { onset, offset }: { onset: number; offset: number },
  bottom: number,
): void {
  const left = timeToX(onset, range, width);
  const right = Math.max(left + 3, timeToX(offset, range, width));
  context.strokeStyle = "#fff";
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(left, bottom - 9);
  context.lineTo(left, bottom - 2);
  context.lineTo(right, bottom - 2);
  context.lineTo(right, bottom - 9);
  context.stroke();
}
