import { readRunRecords, type RunRecord } from "lib/learning/train/run_records.ts";
import { comparisonTable, type RunTable, runTable } from "lib/learning/train/run_table.ts";
import { plotTrainingCurves } from "lib/show/plots/training_curves.ts";
import { writeFigurePage } from "lib/show/report/figure_page.ts";
import { defineCommand, runAsMain } from "tasks/command.ts";
import { fitText } from "tasks/command/text_width.ts";
import { suggest } from "tasks/command/suggestion.ts";

/** Lists of layers would make a table of many screens; `--json` has them whole. */
const WIDEST_SETTING = 40;

/** `deno task runs`: what earlier trainings were made of, and how they went. */
export const runs = defineCommand({
  name: "runs",
  summary: "lists earlier trainings, and compares two of them",
  description:
    "Every model keeps the record of its training. Figures on validation clips can be compared where the clips " +
    "are the same; `deno task evaluate` compares models on recordings.",
  positionals: {
    name: "RUN",
    max: 6,
    help: "runs to compare, by the name of their folder (default list all)",
  },
  options: {
    models: { type: "string", value: "DIR", path: true, default: "models", help: "folder of the models" },
    report: {
      type: "string",
      value: "HTML",
      path: true,
      help: "also draw the course of the runs into this page",
    },
  },
  examples: [
    ["deno task runs", "all of them"],
    ["deno task runs burp burp-2 --report runs.html", "two side by side"],
  ],
  async run({ options, positionals, print, printJson, log }) {
    if (!await Deno.stat(options.models).then(({ isDirectory }) => isDirectory, () => false)) {
      throw new Deno.errors.NotFound(`${options.models}: there is no such folder of models`);
    }
    const all = await readRunRecords(options.models);
    const names = positionals.map((path) => path.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, ""));
    const chosen = names.map((name) => {
      const record = all.find((record) => record.name === name);
      if (record) return record;
      const known = all.map((record) => record.name);
      throw new Deno.errors.NotFound(
        `${options.models}/${name}: no training left its record there; \`deno task runs\` lists those that did` +
          suggest(name, known),
      );
    });
    const records: readonly RunRecord[] = chosen.length > 0 ? chosen : all;
    if (records.length === 0) log.info(`no training has left its record in ${options.models} yet`);
    const [a, b] = chosen;
    if (records.length > 0) formatTable(runTable(records)).forEach(print);
    if (a && b) formatTable(comparisonTable(a, b), WIDEST_SETTING).forEach(print);
    printJson(records.map(({ name, finishedMs, clips, averagePrecision, baseline, seconds, manifest }) => ({
      name,
      finishedMs,
      clips,
      averagePrecision,
      baseline,
      seconds,
      training: manifest.training,
    })));
    if (options.report !== undefined) {
      // More would not fit into one figure.
      const figures = [plotTrainingCurves(records.slice(-6))];
      await writeFigurePage(options.report, { title: "Trainings", figures });
      print(`Page: ${options.report}`);
    }
  },
});

/** The rows in columns; cells are cut where they are longer than `widest`. */
function formatTable({ title, columns, rows }: RunTable, widest = Infinity): string[] {
  const texts = [columns, ...rows].map((row) => row.map((cell) => fitText(String(cell), widest)));
  const widths = columns.map((_, k) => Math.max(...texts.map((row) => row[k]!.length)));
  return [
    title,
    ...texts.map((row) => row.map((text, k) => text.padEnd(widths[k]!)).join("  ").trimEnd()),
    "",
  ];
}

if (import.meta.main) await runAsMain(runs);
