/** The part of plotly.js that pages call. */
interface PlotlyPage {
  newPlot(element: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  relayout(element: HTMLElement, settings: Record<string, unknown>): Promise<unknown>;
}

/**
 * Draws every figure of the page and follows the reader between light and dark. It runs in the reader's browser: its
 * source text goes into the page, so that it uses nothing outside itself.
 */
export function runFigures(): void {
  const { Plotly } = globalThis as unknown as { Plotly?: PlotlyPage };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  for (const source of document.querySelectorAll<HTMLScriptElement>("script[data-figure]")) {
    const area = document.getElementById(source.dataset["figure"] ?? "");
    if (!area) continue;
    if (!Plotly) {
      area.textContent = "This figure needs the file plotly-….min.js beside the page.";
      continue;
    }
    const { data, layout, config, themes } = JSON.parse(source.textContent ?? "");
    const follow = () => Plotly.relayout(area, dark.matches ? themes.dark : themes.light);
    void Plotly.newPlot(area, data, layout, config).then(follow).then(() => {
      area.dataset["drawn"] = "true";
      // Other scripts of the page can only listen to a figure once plotly.js has made it.
      area.dispatchEvent(new Event("drawn"));
      dark.addEventListener("change", () => void follow());
    });
  }
}
