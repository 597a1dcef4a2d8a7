import { dirname, join, relative, resolve } from "node:path";
import { counted } from "lib/base/events/counted.ts";
import { deepLink } from "lib/base/events/deep_link.ts";
import { plotDelays } from "lib/show/plots/delay_histogram.ts";
import { plotMentions } from "lib/show/plots/mention_timeline.ts";
import { formatTime } from "lib/show/plots/time_axis.ts";
import { type HtmlValue, markup, type SafeHtml, webAddress } from "lib/show/report/html.ts";
import { tableElement } from "lib/show/report/output_elements.ts";
import { figureElement, writePage } from "lib/show/report/page.ts";
import type { DelayModel } from "lib/work/harvest/delay_model.ts";
import { type HarvestRecord, readHarvestRecords } from "lib/work/harvest/harvest_record.ts";
import { WEAK } from "tasks/harvest/describe_outcome.ts";
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
  await writePage(path, {
    title: `Harvest of ${event}`,
    mediaBeside: true,
    body: parts(records, { event, expected: delays, clipAddress: clipAddressFrom(folders) }),
  });
  return path;
}

function* parts(
  records: readonly HarvestRecord[],
  { event, expected, clipAddress }: {
    readonly event: string;
    readonly expected: DelayModel;
    readonly clipAddress: ClipAddress;
  },
): Generator<SafeHtml> {
  const mentions = records.flatMap((record) => record.mentions);
  const found = mentions.filter((mention) => mention.outcome === "found");
  const negatives = records.reduce((sum, record) => sum + record.negatives.length, 0);
  yield markup`<header><h1>Harvest of ${event}</h1><p class="lead">Recordings: ${records.length}; \
mentions: ${mentions.length}, of them found: ${found.length}; negative clips: ${negatives}.</p></header>\n<main>\n`;
  const known = found.flatMap(({ candidates: [best] }) => best ? [best.delay] : []);
  yield figureElement(plotDelays({ event, delays: known, expected }), "delays");
  for (const [index, record] of records.entries()) {
    yield* recordParts(record, `recording-${index + 1}`, clipAddress);
  }
  yield markup`</main>\n`;
}

function* recordParts(record: HarvestRecord, id: string, clipAddress: ClipAddress): Generator<SafeHtml> {
  const { mentions, negatives, muted, chat, problems } = record;
  const last = Math.max(0, ...mentions.map((mention) => mention.time));
  const sure = record.unmentioned?.length ?? 0;
  const result = mentions.length === 0 && problems.length > 0
    ? "nothing was harvested"
    : `${counted(mentions.length, "mention")}; ${counted(negatives.length, "negative clip")}` +
      (sure > 0 ? `; ${counted(sure, "place")} that only the model heard, for a person to decide on` : "");
  yield markup`<section><h2 id="${id}">${record.name}</h2>
<p>${chat.messages} messages, ${chat.commands} with ${record.command} (${chat.botCommands} of bots), ${result}.</p>
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
    yield markup`${mentionTable(record, clipAddress)}\n`;
  }
  yield markup`</section>\n`;
}

/** What became of each mention; what is not known has an empty cell. */
function mentionTable({ name, recording, mentions }: HarvestRecord, clipAddress: ClipAddress): SafeHtml {
  const asked = mentions.some(({ candidates: [best] }) => best?.modelScore !== undefined);
  return tableElement({
    title: `What people may have meant in ${name}`,
    columns: [
      ...["Mention", "People", "Outcome", "Best candidate", "Seconds before", "Probability"],
      ...(asked ? ["Model's score"] : []),
      ...["Clip", "Why"],
    ],
    rows: mentions.map((mention) => {
      const { candidates: [best], outcome, reason } = mention;
      const isWeak = outcome === "found" && best !== undefined && best.probability < WEAK;
      return [
        formatTime(mention.time, 0),
        `${mention.votes}`,
        outcome,
        best && placeElement(recording, best.onset),
        best?.delay.toFixed(1),
        best?.probability.toFixed(2),
        ...(asked ? [best?.modelScore?.toFixed(2)] : []),
        best?.clip && player(clipAddress(best.clip), `clip at ${formatTime(best.onset, 0)}`),
        reason ?? (isWeak ? `${REASONS.found}, but it is weak: listen to it` : REASONS[outcome]),
      ];
    }),
  });
}

/** Plays a clip where it lies; the link is there for those who want the file. */
function player(address: string, name: string): SafeHtml {
  return markup`<audio controls preload="none" src="${address}" aria-label="${name}" \
style="width:14rem;height:2.2rem;vertical-align:middle"></audio> <a href="${address}">file</a>`;
}

/** A time, as a link where the recording is on the web. */
function placeElement(recording: string, onset: number): HtmlValue {
  const time = formatTime(onset, 0);
  const url = webAddress(deepLink(recording, onset));
  return url === undefined ? time : markup`<a href="${url}" rel="noreferrer noopener">${time}</a>`;
}

/** Where a clip lies, seen from the page, as its name in the ledger says. */
type ClipAddress = (clip: string) => string;

function clipAddressFrom({ reports, ledger }: HarvestFolders): ClipAddress {
  return (clip) => {
    const path = relative(reports, resolve(dirname(ledger), clip)).replaceAll("\\", "/");
    return path.split("/").map(encodeURIComponent).join("/");
  };
}
