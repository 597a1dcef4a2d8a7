import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { type FoundKind, KIND_NAMES } from "lib/show/plots/judged_events.ts";
import { formatTime, toTimeAxis } from "lib/show/plots/time_axis.ts";
import { markup, type SafeHtml, webAddress } from "lib/show/report/html.ts";

/** One event on a report. */
interface EventCard {
  /** Id of the element, to link to and to find it by. */
  readonly id: string;
  /** Number that people call it by, such as `12`. */
  readonly number: string;
  readonly kind: FoundKind | "missed";
  readonly event: SoundEvent & { readonly url?: string; readonly probability?: number };
  /** Spectrogram and scores, if there is room for them. */
  readonly view?: SafeHtml | undefined;
  /** The sound as a `data:` address, if there is room for it. */
  readonly sound?: string | undefined;
  /** Why it was missed. */
  readonly why?: string | undefined;
  /** Why there is no sound. */
  readonly note?: string | undefined;
}

const SYMBOLS = { found: "▼", matched: "●", falseAlarm: "✖", missed: "◆" } as const;

/** An event as an item of the list: what and when, picture, player, link into the recording. */
export function eventCard(card: EventCard): SafeHtml {
  const { id, number, kind, event, view, sound, why, note } = card;
  const time = formatTime(event.onset);
  const url = webAddress(event.url);
  const duration = `${(event.offset - event.onset).toFixed(2)} s`;
  const right = event.probability === undefined
    ? ""
    : ` (${Math.round(100 * event.probability)} % likely right)`;
  const score = event.score === undefined ? duration : `score ${event.score.toFixed(2)}${right}, ${duration}`;
  const player = sound !== undefined &&
    markup`<audio controls preload="none" src="${sound}" aria-label="${event.label} at ${time}"></audio>\n`;
  const link = url !== undefined &&
    markup`<p><a href="${url}" target="_blank" rel="noreferrer noopener">Open the recording at ${time}</a></p>\n`;
  return markup`<li class="card" id="${id}" tabindex="-1" aria-labelledby="${id}-title" data-kind="${kind}" \
data-onset="${event.onset}" data-x="${toTimeAxis(event.onset)}" data-score="${event.score ?? 0}">
<header><h3 id="${id}-title">${number} · ${event.label} at ${time}</h3>\
<span class="badge"><span class="${kind}" aria-hidden="true">${SYMBOLS[kind]}</span> ${
    KIND_NAMES[kind]
  }</span></header>
<p class="detail">${score}</p>
${why !== undefined && markup`<p>${why}</p>\n`}${view}${player}${
    note !== undefined && markup`<p class="detail">${note}</p>\n`
  }${link}</li>
`;
}
