import { counted } from "lib/base/events/counted.ts";
import { baseLayout, titledAxis } from "lib/show/plots/base_layout.ts";
import { SERIES_COLOURS, withOpacity } from "lib/show/plots/colours.ts";
import { type Figure, FIGURE_CONFIG, figureText } from "lib/show/plots/figure.ts";
import { shortNames } from "lib/show/plots/short_name.ts";

/** A label as far as the balance goes. */
interface BalancedLabel {
  /** Such as `burp`, `not-burp` or `unsure`. */
  readonly label: string;
  /** The recording that it is from. */
  readonly group: string;
}

/** Most recordings that have a colour of their own; the others are one. */
const MAX_GROUPS = 7;

/**
 * How many clips of each label there are, and from how many recordings: clips of one recording are alike, so that many
 * clips of few recordings teach little.
 */
export function plotClassBalance(labels: readonly BalancedLabel[], title = "Clips of each label"): Figure {
  const names = [...Map.groupBy(labels, ({ label }) => label)]
    .toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)).map(([name]) => name);
  const groups = [...Map.groupBy(labels, ({ group }) => group)]
    .toSorted(([, a], [, b]) => b.length - a.length).map(([name]) => name);
  const shown = groups.length > MAX_GROUPS ? groups.slice(0, MAX_GROUPS - 1) : groups;
  const rest = new Set(groups.slice(shown.length));
  const nameOf = shortNames(groups);
  const parts = [
    ...shown.map((group) => [nameOf.get(group)!, labels.filter((one) => one.group === group)] as const),
    ...(rest.size > 0
      ? [[counted(rest.size, "other recording"), labels.filter(({ group }) => rest.has(group))] as const]
      : []),
  ];
  return {
    data: parts.map(([name, own], index) => ({
      type: "bar",
      name: `${figureText(name)} (${own.length})`,
      x: names.map(figureText),
      y: names.map((label) => own.filter((one) => one.label === label).length),
      marker: { color: withOpacity(SERIES_COLOURS[index % SERIES_COLOURS.length]!, 0.7) },
      hovertemplate: `%{y} %{x} clips of ${figureText(name)}<extra></extra>`,
    })),
    layout: {
      ...baseLayout({ title, subtitle: "Few recordings teach little, however many clips they gave" }),
      barmode: "stack",
      xaxis: titledAxis("Label", { type: "category" }),
      yaxis: titledAxis("Clips"),
    },
    config: FIGURE_CONFIG,
  };
}

/** The event, then what is not, then what nobody has decided. */
function rank(label: string): number {
  if (label === "unsure" || label === "skip") return 2;
  return label.startsWith("not-") ? 1 : 0;
}
