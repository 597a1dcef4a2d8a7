import { type ClassNames, DEFAULT_CLASSES } from "lib/work/ads/segment.ts";
import { type OptionTable, UsageError } from "tasks/command.ts";

/** How labels beside episodes are to be read. */
export const CLASS_OPTIONS = {
  classes: {
    type: "string",
    value: "A,B",
    default: `${DEFAULT_CLASSES.ad},${DEFAULT_CLASSES.content}`,
    help: "names of the two classes, that which is looked for first",
  },
  beginsWith: {
    type: "string",
    choices: ["ad", "content"],
    default: "ad",
    help: "what an episode in a segments.txt begins with where that does not say so",
  },
} as const satisfies OptionTable;

/** Which show. */
export const SHOW_OPTIONS = {
  model: {
    type: "string",
    short: "m",
    value: "DIR",
    path: true,
    default: "models/ads",
    help: "model of the show",
  },
} as const satisfies OptionTable;

/** The two names. */
export function chosenClasses({ classes }: { readonly classes: string }): ClassNames {
  const [ad = "", content = "", ...more] = classes.split(",").map((name) => name.trim());
  if (ad === "" || content === "" || ad === content || more.length > 0) {
    throw new UsageError(`--classes "${classes}" is not two different names with a comma between them`);
  }
  return { ad, content };
}
