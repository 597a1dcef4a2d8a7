import { join } from "node:path";
import { deepLink } from "lib/events/deep_link.ts";
import type { DelayModel } from "lib/harvest/delay_model.ts";
import { type HarvestRecord, readHarvestRecords } from "lib/harvest/harvest_record.ts";
import { plotDelays } from "lib/plots/delay_histogram.ts";
import { plotMentions } from "lib/plots/mention_timeline.ts";
import { formatTime } from "lib/plots/time_axis.ts";
import { markup, type SafeHtml, webAddress } from "lib/report/html.ts";
import { figureElement, writePage } from "lib/report/page.ts";
import type { HarvestFolders } from "tasks/harvest/run_harvest.ts";

const REASONS = {
  found: "a clip was cut",
  unsure: "no candidate is probable enough: listen and decide",
  duplicate: "an earlier mention is about the same sound",
  outside: "the recording does not reach there",
  muted: "everything before it is muted",
  "no-onset": "nothing before it stands out",
  unavailable: "its sound could not be had",
} as const satisfies Record<HarvestRecord["mentions"][number]["outcome"], string>;

/** Writes a page on all that was harvested of an event. @returns its path. */
export async function writeHarvestReport(
  folders: HarvestFolders,
  event: string,
  delays: DelayModel,
): Promise<string> {
  const records = await readHarvestRecords(folders.records, event);
  const path = join(folders.reports, `harvest-${event}.html`);
  await writePage(path, { title: `Harvest of ${event}`, body: parts(records, event, delays) });
  return path;
}

function* parts(records: readonly HarvestRecord[], event: string, expected: DelayModel): Generator<SafeHtml> {
  const mentions = records.flatMap((record) => record.mentions);
  const found = mentions.filter((mention) => mention.outcome === "found");
  const negatives = records.reduce((sum, record) => sum + record.negatives.length, 0);
  yield markup`<header><h1>Harvest of ${event}</h1><p class="lead">Recordings: ${records.length}; \
mentions: ${mentions.length}, of them found: ${found.length}; negative clips: ${negatives}.</p></header>\n<main>\n`;
  const known = found.flatMap(({ candidates: [best] }) => best ? [best.delay] : []);
  yield figureElement(plotDelays({ event, delays: known, expected }), "delays");
  for (const [index, record] of records.entries()) yield* recordParts(record, `recording-${index + 1}`);
  yield markup`</main>\n`;
}

function* recordParts(record: HarvestRecord, id: string): Generator<SafeHtml> {
  const { mentions, negatives, muted, chat, problems } = record;
  const last = Math.max(0, ...mentions.map((mention) => mention.time));
  yield markup`<section><h2 id="${id}">${record.name}</h2>
<p>${chat.messages} messages, ${chat.commands} with ${record.command} (${chat.botCommands} of bots), \
${mentions.length} mentions; ${negatives.length} negative clips, ${
    negatives.filter((one) => one.kind === "hard").length
  } of them mistakes of the model.</p>
${problems.map((problem) => markup`<p><strong>${problem}</strong></p>\n`)}`;
  if (mentions.length > 0) {
    yield figureElement(
      plotMentions({
        recording: record.name,
        duration: record.duration ?? last + 60,
        mentions: mentions.map((mention) => ({
          time: mention.time,
          votes: mention.votes,
          outcome: mention.outcome,
          note: mention.reason ?? REASONS[mention.outcome],
        })),
        negatives: negatives.map((negative) => negative.start),
        muted,
      }),
      `${id}-mentions`,
    );
    yield markup`<table><thead><tr><th>Mention</th><th>People</th><th>Outcome</th><th>Best candidate</th>\
<th>Why</th></tr></thead><tbody>\n`;
    for (const mention of mentions) yield mentionRow(mention, record.recording);
    yield markup`</tbody></table>\n`;
  }
  yield markup`</section>\n`;
}

function mentionRow(mention: HarvestRecord["mentions"][number], recording: string): SafeHtml {
  const [best] = mention.candidates;
  const time = formatTime(best?.onset ?? mention.time, 0);
  const url = webAddress(deepLink(recording, best?.onset ?? Math.max(0, mention.time - 20)));
  const place = url === undefined
    ? markup`${time}`
    : markup`<a href="${url}" rel="noreferrer noopener">${time}</a>`;
  const facts = best &&
    `${best.delay.toFixed(1)} s before, probability ${best.probability.toFixed(2)}` +
      (best.modelScore === undefined ? "" : `, model ${best.modelScore.toFixed(2)}`);
  return markup`<tr><td>${
    formatTime(mention.time, 0)
  }</td><td>${mention.votes}</td><td>${mention.outcome}</td>\
<td>${best ? place : ""} ${facts}</td><td>${mention.reason ?? REASONS[mention.outcome]}</td></tr>\n`;
}
