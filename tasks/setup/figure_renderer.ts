/** The part of plotly.js that the renderer calls. */
interface PlotlyPage {
  react(element: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(element: HTMLElement): void;
  readonly Plots: { resize(element: HTMLElement): unknown };
}

/** The part of a Lumino widget, which JupyterLab's page is made of, that the renderer builds on. */
interface LuminoWidget {
  readonly node: HTMLElement;
  dispose(): void;
}

/** Modules that JupyterLab shares with its extensions: by name and version, each a getter of a factory. */
type SharedModules = Readonly<
  Record<
    string,
    Readonly<Record<string, { get(): Promise<() => { readonly Widget: new () => LuminoWidget }> }>>
  >
>;

interface FigureModel {
  readonly data: Readonly<
    Record<
      string,
      { readonly data: unknown; readonly layout: { readonly height?: number }; readonly config: unknown }
    >
  >;
}

/**
 * JupyterLab's renderer for figures. It runs in the reader's browser: its source text goes into a file there, so that it
 * uses nothing outside itself.
 *
 * The renderer that comes with Python's plotly draws an output once and passes over its updates (7.1), so that plots of a
 * cell that runs would stand still.
 */
export function registerFigureRenderer(): void {
  const mimeType = "application/vnd.plotly.v1+json";
  const folder = (document.currentScript as HTMLScriptElement).src.replace(/[^/]*$/, "");
  let loading: Promise<PlotlyPage> | undefined;
  const loadPlotly = () =>
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${folder}plotly.min.js`;
      script.onload = () => resolve((globalThis as unknown as { Plotly: PlotlyPage }).Plotly);
      script.onerror = () => reject(new Error(`${script.src} cannot be loaded`));
      document.head.append(script);
    });

  let shared: SharedModules = {};
  const extension = async () => {
    const [lumino] = Object.values(shared["@lumino/widgets"] ?? {});
    const { Widget } = (await lumino!.get())();
    class FigureWidget extends Widget {
      #plotly: PlotlyPage | undefined;

      async renderModel(model: FigureModel): Promise<void> {
        const { data, layout, config } = model.data[mimeType]!;
        // Its place, before plotly.js is there: the page must not jump.
        this.node.style.minHeight = `${layout.height ?? 420}px`;
        const plotly = await loadPlotly();
        await plotly.react(this.node, data, layout, config);
        this.#plotly = plotly;
      }
      // What is drawn before it is on the page does not know how wide it is.
      onAfterAttach(): void {
        this.#plotly?.Plots.resize(this.node);
      }
      onAfterShow(): void {
        this.#plotly?.Plots.resize(this.node);
      }
      onResize(): void {
        if (this.node.isConnected && this.node.clientWidth > 0) this.#plotly?.Plots.resize(this.node);
      }
      override dispose(): void {
        this.#plotly?.purge(this.node);
        super.dispose();
      }
    }
    return {
      id: "burp-finder-figures:factory",
      rank: 0,
      dataType: "json",
      rendererFactory: { safe: true, mimeTypes: [mimeType], createRenderer: () => new FigureWidget() },
    };
  };
  const page = globalThis as unknown as { _JUPYTERLAB?: Record<string, unknown> };
  (page._JUPYTERLAB ??= {})["burp-finder-figures"] = {
    init: (modules: SharedModules) => void (shared = modules),
    get: async () => {
      const value = await extension();
      return () => ({ __esModule: true, default: value });
    },
  };
}
