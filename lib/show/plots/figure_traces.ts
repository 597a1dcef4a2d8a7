/** Values along an axis; `null` interrupts a line. */
type AxisValues = readonly (number | string | null)[];

/** Outline or curve of a trace. */
interface LineStyle {
  readonly color?: string;
  /** Pixels. */
  readonly width?: number;
  readonly dash?: "solid" | "dot" | "dash" | "dashdot";
  /** How neighbouring points are joined; `hv` draws steps. */
  readonly shape?: "linear" | "hv" | "hvh";
}

/** Names of the mark shapes in use; each role has its own, so that colour is never the only difference. */
export type MarkSymbol =
  | "circle"
  | "circle-open"
  | "x"
  | "diamond"
  | "diamond-open"
  | "triangle-down"
  | "star"
  | "square"
  | "line-ns-open";

/** Points and curves. Either `x` or `x0` and `dx` (evenly spaced values, far smaller as JSON). */
export interface ScatterTrace {
  readonly type: "scatter";
  readonly name: string;
  readonly mode: "lines" | "markers" | "lines+markers" | "text";
  readonly x?: AxisValues;
  readonly x0?: number;
  readonly dx?: number;
  readonly y: AxisValues;
  readonly xaxis?: string;
  readonly yaxis?: string;
  readonly line?: LineStyle;
  readonly marker?: {
    readonly color?: string;
    readonly symbol?: MarkSymbol;
    /** Pixels. */
    readonly size?: number;
    readonly line?: { readonly color: string; readonly width: number };
  };
  readonly fill?: "toself" | "tozeroy" | "tonexty";
  readonly fillcolor?: string;
  readonly connectgaps?: boolean;
  /** False shows marks whole that lie on an axis, which are cut in half otherwise. */
  readonly cliponaxis?: boolean;
  /** Values that the hover text shows as `%{customdata[i]}`. */
  readonly customdata?: readonly (readonly (number | string)[])[];
  readonly text?: readonly string[];
  readonly hovertemplate?: string;
  readonly hoverinfo?: "skip";
  readonly error_x?: {
    readonly type: "data";
    readonly symmetric: false;
    readonly array: readonly number[];
    readonly arrayminus: readonly number[];
    readonly color?: string;
    readonly thickness?: number;
    /** Share of the drawing's height. */
    readonly y?: number;
    readonly yanchor?: "bottom";
    readonly width?: number;
  };
  readonly showlegend?: boolean;
  readonly legendgroup?: string;
}

/** Bars, such as those of a histogram. */
export interface BarTrace {
  readonly type: "bar";
  readonly name: string;
  readonly x: AxisValues;
  readonly y: AxisValues;
  readonly width?: number;
  readonly offset?: number;
  readonly opacity?: number;
  readonly marker?: {
    readonly color?: string;
    readonly line?: { readonly color: string; readonly width: number };
    /** Hatching, so that overlaid bars differ by more than colour. */
    readonly pattern?: {
      readonly shape: "" | "/" | "\\" | "x" | ".";
      readonly fgcolor?: string;
      readonly size?: number;
      readonly solidity?: number;
    };
  };
  readonly customdata?: readonly (readonly (number | string)[])[];
  readonly hovertemplate?: string;
}

/** A matrix as coloured cells. */
export interface HeatmapTrace {
  readonly type: "heatmap";
  readonly name?: string;
  readonly x: AxisValues;
  readonly y: AxisValues;
  readonly xaxis?: string;
  readonly yaxis?: string;
  /** `null` leaves a cell empty. */
  readonly z: readonly (readonly (number | null)[])[];
  readonly zmin?: number;
  readonly zmax?: number;
  readonly colorscale: readonly (readonly [number, string])[];
  readonly showscale?: boolean;
  readonly xgap?: number;
  readonly ygap?: number;
  readonly text?: readonly (readonly string[])[];
  readonly texttemplate?: string;
  readonly textfont?: { readonly size: number };
  readonly hovertext?: readonly (readonly string[])[];
  readonly hoverinfo?: "text";
  readonly colorbar?: {
    readonly title: { readonly text: string; readonly side?: "top" };
    readonly orientation?: "h";
    /** In pixels. */
    readonly thickness?: number;
    /** Share of the drawing's height. */
    readonly y?: number;
    readonly yanchor?: "bottom";
  };
}

/** Any trace of a figure. */
export type Trace = ScatterTrace | BarTrace | HeatmapTrace;
