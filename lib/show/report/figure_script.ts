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
  interface Settings {
    readonly [key: string]: unknown;
    readonly type?: string;
    readonly nticks?: number;
    readonly title?: { readonly text?: string };
    readonly margin?: Record<string, number>;
    readonly height?: number;
  }

  /** On a telephone: few upright labels on axes of numbers and times, titles in several lines, narrow margins. */
  function fitted(layout: Settings, width: number): Settings {
    if (width >= 600) return layout;
    const axes = Object.entries(layout).filter(([key]) => /^[xy]axis\d*$/.test(key)).map(
      ([key, settings]) => {
        const axis = settings as Settings;
        const text = broken(axis.title?.text ?? "", Math.round(width / 11));
        const title = { ...axis.title, text, font: { size: 12 } };
        const isPlain = key.startsWith("x") && axis.type !== "category" && !axis["tickvals"];
        const labels = isPlain ? { nticks: Math.min(axis.nticks ?? 4, 4), tickangle: 0 } : {};
        return [key, { ...axis, title, ...labels }];
      },
    );
    return {
      ...layout,
      ...Object.fromEntries(axes),
      margin: { ...layout.margin, l: Math.min(layout.margin?.["l"] ?? 40, 40), r: 14 },
    };
  }

  /** A title in lines of so many letters, as far as words allow. */
  function broken(text: string, letters: number): string {
    const lines = [""];
    for (const word of text.split(" ")) {
      const line = `${lines.at(-1)} ${word}`.trim();
      if (line.length > letters && lines.at(-1) !== "") lines.push(word);
      else lines[lines.length - 1] = line;
    }
    return lines.join("<br>");
  }

  /** Entries of a legend stand beneath each other on a narrow screen: more room for them, and as much more height. */
  function roomForLegend(area: HTMLElement, layout: Settings): Record<string, number> {
    const legend = area.querySelector(".legend")?.getBoundingClientRect().height ?? 0;
    const lines = Object.entries(layout).filter(([key]) => /^xaxis\d*$/.test(key))
      .map(([, axis]) => ((axis as Settings).title?.text ?? "").split("<br>").length);
    // What the margin below holds besides: labels and title of the axis.
    const others = 42 + 16 * Math.max(1, ...lines);
    const { margin, height = 420 } = layout;
    const below = margin?.["b"] ?? 80;
    const more = Math.max(0, Math.ceil(legend + others - below));
    return more === 0 ? {} : { "margin.b": below + more, height: height + more };
  }

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
    const own = fitted(layout, area.clientWidth);
    void Plotly.newPlot(area, data, own, config).then(follow).then(() => {
      return Plotly.relayout(area, roomForLegend(area, own));
    }).then(() => {
      area.dataset["drawn"] = "true";
      // Other scripts of the page can only listen to a figure once plotly.js has made it.
      area.dispatchEvent(new Event("drawn"));
      dark.addEventListener("change", () => void follow());
    });
  }
}
