/**
 * How notebooks show things: the one file that touches `Deno.jupyter`.
 *
 * Every `show…()` is awaited: its output has then left the kernel. Text of `console.log` may still be on its way when the
 * kernel says that it is idle, or get lost among much other text; use `showText()`, or end the cell with
 * `await flush()`.
 *
 * Loading this file moves the kernel to the project's folder, so that `data/clips` means the same as for the commands.
 */
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "lib/base/system/clock.ts";
import { readSamples } from "lib/media/audio/clip.ts";
import { type Figure, figureBytes, MAX_FIGURE_BYTES } from "lib/show/plots/figure.ts";
import type { SafeHtml } from "lib/show/report/html.ts";
import { pictureElement, playerElement, type Table, tableElement } from "lib/show/report/output_elements.ts";

/** Shortest time between two updates of a live plot, in milliseconds: editors fall behind beyond four a second. */
export const UPDATE_MS = 250;

// Measured: with a shorter wait some of 200 lines were missing in one of ten runs.
const FLUSH_MS = 300;
const PLAYER_HZ = 16_000;

// Deno 2.9.6 drops messages when its reader is some 100 kB behind: outputs in a row got lost on a busy machine. A pause
// lets the reader catch up.
const PAUSE_MS = 5;
const BYTES_PER_MS = 4_000;

// Whoever runs notebooks without an editor may name a file that grows by a byte with every message that has arrived: then
// nothing is lost, however slow the machine.
const RECEIPTS = Deno.env.get("NOTEBOOKS_RECEIPTS") ?? "";
const RECEIPT_TIMEOUT_MS = 30_000;
let sent = 0;

/** The part of the kernel that outputs go through. */
export interface Kernel {
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

let kernel: Kernel | undefined = findKernel();

/** Puts something else in the place of the kernel, for tests. */
export function useKernel(other: Kernel | undefined): void {
  kernel = other;
}

if (kernel) Deno.chdir(fileURLToPath(new URL("..", import.meta.url)));

/** Shows a figure of `lib/show/plots`. @throws {RangeError} when it is larger than editors take. */
export async function showFigure(figure: Figure): Promise<void> {
  await send("display_data", figureBundle(figure));
}

/** A plot that changes while a cell runs. */
export interface LivePlot {
  /** Draws the figure anew, at most four times a second; figures in between are passed over and not even made. */
  update(figure: Figure | (() => Figure)): void;
  /** Draws the last figure. The place where the cell ends, whether well or not: `finally { await plot.done(); }` */
  done(): Promise<void>;
}

/** Makes a place for a figure that is then updated in place. */
export function livePlot({ clock = systemClock }: { readonly clock?: Clock | undefined } = {}): LivePlot {
  const id = crypto.randomUUID();
  let next: Figure | (() => Figure) | undefined;
  let drawing: Promise<void> | undefined;
  let shown = false;
  let lastMs = -Infinity;
  let ended = false;
  let failure: unknown;
  const hurry = new AbortController();

  const draw = async () => {
    while (next !== undefined) {
      const wait = lastMs + UPDATE_MS - clock.monotonicMs();
      // Whoever is done does not wait for the last figure.
      if (wait > 0 && !ended) await clock.sleep(wait, hurry.signal).catch(() => {});
      const figure: Figure = typeof next === "function" ? next() : next;
      next = undefined;
      lastMs = clock.monotonicMs();
      await send(shown ? "update_display_data" : "display_data", figureBundle(figure), id);
      shown = true;
    }
  };
  const start = () => {
    drawing ??= draw()
      // Thrown here, outside of any cell, an error would hang the kernel: done() tells it.
      .catch((error) => void (failure ??= error, next = undefined))
      .finally(() => {
        drawing = undefined;
        if (next !== undefined) start();
      });
  };
  return {
    update(figure) {
      if (ended || failure !== undefined) return;
      next = figure;
      start();
    },
    async done() {
      ended = true;
      hurry.abort();
      while (drawing) await drawing;
      if (failure !== undefined) throw failure;
    },
  };
}

/**
 * Shows a player of a sound.
 * @param sound Mono samples at `sampleRate`, or the path of a recording or clip.
 */
export async function showPlayer(
  sound: Float32Array | string,
  { title, sampleRate = PLAYER_HZ }: { readonly title?: string; readonly sampleRate?: number } = {},
): Promise<void> {
  const samples = typeof sound === "string" ? await readSamples(sound, { sampleRate }) : sound;
  await showHtml(
    playerElement(samples, { sampleRate, title: title ?? (typeof sound === "string" ? sound : "Sound") }),
  );
}

/** Shows a picture, such as a spectrogram of `renderSpectrogram()`. */
export async function showImage(png: Uint8Array, title: string): Promise<void> {
  await showHtml(pictureElement(png, title));
}

/** Shows a table. */
export async function showTable(table: Table): Promise<void> {
  await showHtml(tableElement(table));
}

/** Shows HTML made with `markup`, such as several elements of `lib/show/report/output_elements.ts` in one. */
export async function showHtml(html: SafeHtml): Promise<void> {
  await send("display_data", { "text/html": html.text });
}

/** Shows lines of text. */
export async function showText(...lines: readonly string[]): Promise<void> {
  await broadcast("stream", { name: "stdout", text: `${lines.join("\n")}\n` });
}

/** Shows what a notebook works on, as the end of its first cell. */
export async function showSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
  await showText(...Object.entries(settings).map(([name, value]) => `${name}: ${[value].flat().join(", ")}`));
}

/** Waits until text of `console.log` has left the kernel. */
export async function flush(
  { clock = systemClock }: { readonly clock?: Clock | undefined } = {},
): Promise<void> {
  await clock.sleep(FLUSH_MS);
}

let interruption: AbortController | undefined;

/**
 * A signal that aborts when the reader interrupts the kernel: hand it to the work of a long cell. Only the latest one
 * hears the interruption.
 */
export function interruptSignal(): AbortSignal {
  interruption = new AbortController();
  return interruption.signal;
}

// Our kernel ignores SIGINT until somebody listens to it: an interruption never ends it.
if (kernel) {
  Deno.addSignalListener(
    "SIGINT",
    () => interruption?.abort(new DOMException("Interrupted", "AbortError")),
  );
}

function figureBundle(figure: Figure): Record<string, unknown> {
  const bytes = figureBytes(figure);
  if (bytes > MAX_FIGURE_BYTES) {
    throw new RangeError(
      `The figure "${figure.layout.title.text}" has ${bytes} bytes; editors take up to ${MAX_FIGURE_BYTES}`,
    );
  }
  return {
    "application/vnd.plotly.v1+json": figure,
    "text/plain": `[figure] ${figure.layout.title.text}`,
  };
}

async function send(
  type: "display_data" | "update_display_data",
  data: Record<string, unknown>,
  displayId?: string,
): Promise<void> {
  const transient = displayId === undefined ? {} : { display_id: displayId };
  await broadcast(type, { data, metadata: {}, transient });
}

async function broadcast(type: string, content: Record<string, unknown>): Promise<void> {
  await currentKernel().broadcast(type, content);
  sent++;
  if (RECEIPTS === "") {
    return await systemClock.sleep(PAUSE_MS + JSON.stringify(content).length / BYTES_PER_MS);
  }
  const until = systemClock.monotonicMs() + RECEIPT_TIMEOUT_MS;
  while ((await Deno.stat(RECEIPTS)).size < sent && systemClock.monotonicMs() < until) {
    await systemClock.sleep(PAUSE_MS);
  }
}

function currentKernel(): Kernel {
  if (!kernel) throw new TypeError("There is no notebook here to show anything in");
  return kernel;
}

function findKernel(): Kernel | undefined {
  try {
    return Deno.jupyter;
  } catch {
    // Outside of a kernel Deno throws instead of giving undefined.
    return undefined;
  }
}
