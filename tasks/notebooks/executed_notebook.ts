import { z } from "zod";

const MIME_TEXT = z.union([z.string(), z.array(z.string())]);

const OUTPUT = z.looseObject({
  output_type: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
  text: MIME_TEXT.optional(),
  ename: z.string().optional(),
  evalue: z.string().optional(),
});

const NOTEBOOK = z.looseObject({
  nbformat: z.literal(4),
  cells: z.array(z.looseObject({
    cell_type: z.string(),
    source: MIME_TEXT,
    outputs: z.array(OUTPUT).optional(),
  })),
});

/** A notebook with what its cells have shown, as nbformat 4 has it. */
export type ExecutedNotebook = z.infer<typeof NOTEBOOK>;
/** Something that a cell has shown. */
export type CellOutput = z.infer<typeof OUTPUT>;

/** What {@link shownOutputs} tells apart. */
type ShownKind = "figure" | "player" | "picture" | "table" | "html" | "text" | "value" | "error";

/** Something that a reader of an executed notebook sees. */
export interface Shown {
  /** Number of the cell among all cells, from 1. */
  readonly cell: number;
  readonly kind: ShownKind;
  /** Its title or caption; for text the text itself. */
  readonly title: string;
  /** Rows of a table, without its heading. */
  readonly rows?: number | undefined;
}

const FIGURE = z.looseObject({ layout: z.looseObject({ title: z.looseObject({ text: z.string() }) }) });

/**
 * Reads a notebook that has been run.
 * @throws {SyntaxError} when the text is none.
 */
export function parseExecutedNotebook(text: string): ExecutedNotebook {
  const result = NOTEBOOK.safeParse(JSON.parse(text));
  if (!result.success) {
    throw new SyntaxError(`Cannot read the executed notebook: ${z.prettifyError(result.error)}`);
  }
  return result.data;
}

/** What the cells show, in order. HTML that holds several players, pictures or tables counts as each of them. */
export function shownOutputs(notebook: ExecutedNotebook): Shown[] {
  return notebook.cells.flatMap((cell, index) =>
    (cell.outputs ?? []).flatMap((output) =>
      shownBy(output).map(([kind, title, rows]) => ({ cell: index + 1, kind, title, rows }))
    )
  );
}

function shownBy(output: CellOutput): [ShownKind, string, rows?: number][] {
  if (output.output_type === "error") return [["error", `${output.ename}: ${output.evalue}`]];
  if (output.output_type === "stream") return [["text", joined(output.text)]];
  const { data = {} } = output;
  if (output.output_type === "execute_result") return [["value", joined(data["text/plain"])]];
  const figure = FIGURE.safeParse(data["application/vnd.plotly.v1+json"]);
  if (figure.success) return [["figure", figure.data.layout.title.text]];
  const html = data["text/html"];
  if (html !== undefined) return elementsOf(joined(html));
  if (data["image/png"] !== undefined) return [["picture", joined(data["text/plain"])]];
  return [["text", joined(data["text/plain"])]];
}

function elementsOf(html: string): [ShownKind, string, rows?: number][] {
  const parts = html.split(/(?=<\w+ data-output=)/).filter((part) => part.startsWith("<"));
  const elements = parts.flatMap((part): [ShownKind, string, rows?: number][] => {
    const kind = /^<\w+ data-output="(player|picture|table)"/.exec(part)?.[1];
    const title = /<(?:fig)?caption\b[^>]*>([^]*?)<\/(?:fig)?caption>/.exec(part)?.[1] ?? "";
    if (kind === "table") return [[kind, plain(title), part.split("<tr").length - 2]];
    return kind === "player" || kind === "picture" ? [[kind, plain(title)]] : [];
  });
  return elements.length > 0 ? elements : [["html", plain(html)]];
}

function plain(html: string): string {
  return html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ").trim();
}

/** Text of a notebook is a string or the lines of one. */
export function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : typeof text === "string" ? text : "";
}
