import { computeLogMel } from "lib/learning/features/log_mel.ts";
import { frequencyMarks, pictureFeatures } from "lib/show/plots/picture_features.ts";
import { renderSpectrogram } from "lib/show/plots/spectrogram_image.ts";
import { dataAddress, markup, type SafeHtml } from "lib/show/report/html.ts";

/** Pixels of the picture; it is as wide as its place. */
const [WIDTH, HEIGHT] = [480, 170];
const MARKS_HZ = [250, 500, 1000, 2000, 4000];

/**
 * A spectrogram with scales in seconds and in Hz. It looks alike in notebooks and on pages, and needs no style sheet.
 * Undefined for a sound of less than 10 ms, of which there is nothing to see.
 *
 * @param samples Mono, from -1 to 1, shape [N].
 */
export function spectrogramElement(
  samples: Float32Array,
  { sampleRate, title }: { readonly sampleRate: number; readonly title: string },
): SafeHtml | undefined {
  const seconds = samples.length / sampleRate;
  if (!(seconds >= 0.01)) return undefined;
  const hop = Math.max(Math.round(sampleRate / 200), Math.ceil(samples.length / WIDTH));
  const features = pictureFeatures(sampleRate, hop);
  const png = renderSpectrogram(computeLogMel(samples, features), { width: WIDTH, height: HEIGHT });
  const hertz = frequencyMarks(MARKS_HZ, features).map(({ text, share }) =>
    markup`<span style="position:absolute;right:.3em;bottom:${
      percent(share)
    };transform:translateY(50%)">${text}</span>`
  );
  const times = timeMarks(seconds).map((time) =>
    markup`<span style="position:absolute;left:${percent(time / seconds)};${
      time === 0 ? "" : "transform:translateX(-50%)"
    }">${time} s</span>`
  );
  return markup`<div style="display:grid;grid-template-columns:4.6em 1fr;margin:.4em 0;font-size:.78em;\
line-height:1.4;white-space:nowrap">
<div aria-hidden="true" style="position:relative">${hertz}</div>
<img src="${dataAddress("image/png", png)}" alt="Spectrogram of ${title}" loading="lazy" \
style="display:block;width:100%;max-width:none;height:${HEIGHT}px;image-rendering:auto">
<div></div>
<div aria-hidden="true" style="position:relative;height:1.5em">${times}</div>
</div>`;
}

/** Round times from 0 on, at most five, none so close to the end that its text would be cut. */
function timeMarks(seconds: number): number[] {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60].find((step) => seconds / step <= 5) ??
    600;
  return Array.from({ length: 5 }, (_, index) => Number((index * step).toFixed(2)))
    .filter((time) => time <= 0.93 * seconds);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
