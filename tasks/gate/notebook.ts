/** A notebook as far as the gate looks at it: nbformat 4. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** One cell of a notebook. */
export interface NotebookCell {
  readonly type: "code" | "markdown" | "raw";
  readonly source: string;
  readonly outputs: number;
  readonly executionCount: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Reads a notebook.
 * @throws {SyntaxError} when the text is no notebook of nbformat 4.
 */
export function parseNotebook(text: string): Notebook {
  const root = asRecord(JSON.parse(text));
  if (root?.["nbformat"] !== 4 || !Array.isArray(root["cells"])) {
    throw new SyntaxError("Cannot read the notebook: it is not of nbformat 4");
  }
  return { metadata: asRecord(root["metadata"]) ?? {}, cells: root["cells"].map(parseCell) };
}

function parseCell(value: unknown): NotebookCell {
  const cell = asRecord(value);
  const type = cell?.["cell_type"];
  if (!cell || (type !== "code" && type !== "markdown" && type !== "raw")) {
    throw new SyntaxError("Cannot read the notebook: it has a cell of an unknown kind");
  }
  const { source, outputs } = cell;
  return {
    type,
    source: Array.isArray(source) ? source.join("") : String(source ?? ""),
    outputs: Array.isArray(outputs) ? outputs.length : 0,
    executionCount: cell["execution_count"] ?? null,
    metadata: asRecord(cell["metadata"]) ?? {},
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Readonly<Record<string, unknown>>
    : undefined;
}
