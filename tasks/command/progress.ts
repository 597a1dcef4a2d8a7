import { barLine, type BarUnit } from "tasks/command/bar_line.ts";

/** One bar; calls cost little, so that they may be made for every block. */
export interface ProgressBar {
  /** Sets how much is done, from 0 to the bar's total, and a short note such as `loss 0.12`. */
  update(value: number, note?: string): void;
  /** Sets another total, for work whose size shows late. */
  setTotal(total: number): void;
  /** Takes the bar away. */
  stop(): void;
}

/** Bars on standard error; on anything but a terminal they do nothing. */
export interface Progress {
  /**
   * Shows a bar. Several can be shown at once.
   *
   * @param total How much there is to do, in the unit; 0 where nobody knows yet.
   * @param unit `things` by default; of seconds of a recording and of bytes the bar also says how fast they go.
   */
  start(label: string, total: number, unit?: BarUnit): Promise<ProgressBar>;
}

/** The bars of a command, and a way to print lines above them. */
export interface Bars extends Progress {
  /** Prints a line above the bars, if any are shown; otherwise gives `false`. */
  printAbove(line: string): boolean;
  /** Takes all bars away. */
  close(): void;
}

interface CliProgress {
  readonly MultiBar: new (options: Record<string, unknown>) => MultiBar;
}

interface MultiBar {
  create(total: number, start: number, payload: Record<string, unknown>): SingleBar;
  remove(bar: SingleBar): boolean;
  log(text: string): void;
  update(): void;
  stop(): void;
}

interface SingleBar {
  update(value: number, payload: Record<string, unknown>): void;
  setTotal(total: number): void;
}

interface BarFacts {
  readonly value: number;
  readonly total: number;
  /** Milliseconds since 1970. */
  readonly startTime: number;
}

interface BarTexts {
  readonly label: string;
  readonly unit: BarUnit;
  readonly note: string;
}

const NO_BAR: ProgressBar = { update() {}, setTotal() {}, stop() {} };

/**
 * @param enabled Whether standard error is a terminal and the user wants to see bars.
 * @param columns Width of the terminal at this moment; it may change at any time.
 */
export function createBars(enabled: boolean, columns: () => number = () => 80): Bars {
  const shown = new Set<SingleBar>();
  let multiBar: MultiBar | undefined;
  const close = () => {
    shown.clear();
    multiBar?.stop();
    multiBar = undefined;
  };
  return {
    async start(label, total, unit = "things") {
      if (!enabled) return NO_BAR;
      // Loaded on first use: most runs of most commands show no bar, and starting should be quick.
      const { default: cliProgress } = await import("cli-progress") as { default: CliProgress };
      multiBar ??= new cliProgress.MultiBar({
        // One column is left free: a letter in the last one makes some terminals begin a new line.
        format: (_: unknown, { value, total, startTime }: BarFacts, { label, unit, note }: BarTexts) =>
          barLine(
            { label, value, total, unit, note, elapsedMs: Date.now() - startTime },
            columns() - 1,
          ),
        hideCursor: true,
        // Longer lines printed above the bars must not lose their ends; the bars themselves fit.
        linewrap: null,
        // Lines printed above the bars overwrite them.
        forceRedraw: true,
        clearOnComplete: true,
        // The command itself handles interruption.
        gracefulExit: false,
        fps: 10,
      });
      const bar = multiBar.create(total, 0, { label, unit, note: "" });
      shown.add(bar);
      return {
        update: (value, note = "") => {
          if (shown.has(bar)) bar.update(value, { note });
        },
        setTotal: (value) => bar.setTotal(value),
        stop() {
          if (!shown.delete(bar)) return;
          if (shown.size === 0) close();
          else multiBar?.remove(bar);
        },
      };
    },
    printAbove(line) {
      if (!multiBar || shown.size === 0) return false;
      multiBar.log(`${line}\n`);
      // Drawn at once: the text waits in a buffer that is dropped when the last bar goes.
      multiBar.update();
      return true;
    },
    close,
  };
}
