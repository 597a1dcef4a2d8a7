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
  /** Shows a bar. Several can be shown at once. */
  start(label: string, total: number): Promise<ProgressBar>;
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

const NO_BAR: ProgressBar = { update() {}, setTotal() {}, stop() {} };

/** @param enabled Whether standard error is a terminal and the user wants to see bars. */
export function createBars(enabled: boolean): Bars {
  const shown = new Set<SingleBar>();
  let multiBar: MultiBar | undefined;
  const close = () => {
    shown.clear();
    multiBar?.stop();
    multiBar = undefined;
  };
  return {
    async start(label, total) {
      if (!enabled) return NO_BAR;
      // Loaded on first use: most runs of most commands show no bar, and starting should be quick.
      const { default: cliProgress } = await import("cli-progress") as { default: CliProgress };
      multiBar ??= new cliProgress.MultiBar({
        format: "{label} {bar} {percentage} % | {eta_formatted} left {note}",
        barCompleteChar: "█",
        barIncompleteChar: "░",
        barsize: 30,
        hideCursor: true,
        // Lines printed above the bars overwrite them.
        forceRedraw: true,
        clearOnComplete: true,
        // The command itself handles interruption.
        gracefulExit: false,
        fps: 10,
        etaBuffer: 50,
      });
      const bar = multiBar.create(total, 0, { label, note: "" });
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
