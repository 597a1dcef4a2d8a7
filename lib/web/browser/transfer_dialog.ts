import { decodeText } from "lib/base/events/decode_text.ts";
import { getJson, getResponse, postJson } from "lib/web/browser/api_client.ts";
import { byId, element, setText } from "lib/web/browser/element.ts";
import type { Session } from "lib/web/browser/session.ts";
import type { RecordingList } from "lib/web/pages/api_recordings.ts";
import type { EXPORT_FORMATS } from "lib/web/pages/api_transfer.ts";
import type { ExportClipsResult, ImportResult, ImportUndoResult } from "lib/web/pages/api_transfer.ts";

const FORMAT_NAMES: Readonly<Record<typeof EXPORT_FORMATS[number], string>> = {
  csv: "CSV",
  json: "JSON lines",
  audacity: "Audacity labels",
  raven: "Raven selection table",
  vtt: "WebVTT",
  segments: "segments.txt",
};
/** Reading a large file and writing its labels takes a while. */
const LIMIT_MS = 120_000;

/** Import and export of labels, from buttons. */
export class TransferDialog {
  readonly #session: Session;
  readonly #dialog = byId("transfer-dialog", HTMLDialogElement);
  readonly #result = byId("transfer-result", HTMLElement);
  readonly #undo = byId("import-undo", HTMLButtonElement);
  readonly #format = byId("export-format", HTMLSelectElement);
  readonly #recordings = [
    byId("export-recording", HTMLSelectElement),
    byId("import-recording", HTMLSelectElement),
  ];
  readonly #onImported: () => void;
  #import: string | undefined;

  constructor(session: Session, onImported: () => void) {
    this.#session = session;
    this.#onImported = onImported;
    this.#format.replaceChildren(
      ...Object.entries(FORMAT_NAMES).map(([value, name]) => new Option(name, value)),
    );
    const bind = (id: string, work: () => Promise<string>) =>
      byId(id, HTMLButtonElement).addEventListener("click", () => void this.#run(work));
    bind("export-file", () => this.#exportFile());
    bind("export-clips", () => this.#exportClips());
    bind("import-check", () => this.#importLabels(true));
    bind("import-file", () => this.#importLabels(false));
    bind("import-undo", () => this.#undoImport());
  }

  async open(): Promise<void> {
    this.#dialog.showModal();
    const { recordings } = await getJson<RecordingList>("/api/recordings").catch(() => ({ recordings: [] }));
    const opened = /^#recordings\/(.+)$/.exec(location.hash)?.[1];
    for (const select of this.#recordings) {
      const all = select.id === "export-recording" ? "all recordings" : "as the file says";
      select.replaceChildren(
        new Option(all, ""),
        ...recordings.map(({ id, name }) => new Option(name, id, false, id === opened)),
      );
    }
  }

  async #exportFile(): Promise<string> {
    const recording = this.#recordings[0]!.value;
    const query = new URLSearchParams({ format: this.#format.value, ...recording ? { recording } : {} });
    const response = await getResponse(`/api/export?${query}`);
    const named = /filename="?([^";]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1];
    const address = URL.createObjectURL(await response.blob());
    const name = named ?? "labels";
    element("a", { set: { href: address, download: name } }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    return `Saved as ${name}.`;
  }

  async #exportClips(): Promise<string> {
    const { counts, failed } = await postJson<ExportClipsResult>(
      "/api/export/clips",
      { client: this.#session.client },
      LIMIT_MS,
    );
    const done = Object.entries(counts).filter(([, count]) => count > 0).map(([what, count]) =>
      `${count} ${what}`
    );
    return [`Clip folders: ${done.join(", ") || "nothing to do"}.`, ...failed].join("\n");
  }

  async #importLabels(dryRun: boolean): Promise<string> {
    const [file] = byId("import-choice", HTMLInputElement).files ?? [];
    const recording = this.#recordings[1]!.value;
    const beginsWith = byId("import-begins", HTMLSelectElement).value;
    const result = await postJson<ImportResult>("/api/import", {
      client: this.#session.client,
      ...file
        ? { file: { name: file.name, text: decodeText(new Uint8Array(await file.arrayBuffer())) } }
        : {},
      ...recording ? { recording } : {},
      ...beginsWith ? { beginsWith } : {},
      correct: byId("import-correct", HTMLInputElement).checked,
      dryRun,
    }, LIMIT_MS);
    if (!dryRun && result.added + result.corrections > 0) {
      this.#import = result.import;
      this.#undo.disabled = false;
      this.#onImported();
    }
    return [
      `${dryRun ? "Would add" : "Added"} ${result.added}, corrected ${result.corrections}, ` +
      `knew ${result.known} already.`,
      ...result.bad,
      ...result.conflicts,
    ].join("\n");
  }

  async #undoImport(): Promise<string> {
    if (this.#import === undefined) return "Nothing was imported here.";
    const { undone } = await postJson<ImportUndoResult>("/api/import/undo", {
      client: this.#session.client,
      import: this.#import,
    }, LIMIT_MS);
    this.#import = undefined;
    this.#undo.disabled = true;
    this.#onImported();
    return `Took back ${undone}.`;
  }

  async #run(work: () => Promise<string>): Promise<void> {
    setText(this.#result, "Working…");
    this.#dialog.setAttribute("aria-busy", "true");
    try {
      setText(this.#result, await work());
    } catch (error) {
      setText(this.#result, String((error as Error).message));
    } finally {
      this.#dialog.removeAttribute("aria-busy");
    }
  }
}
