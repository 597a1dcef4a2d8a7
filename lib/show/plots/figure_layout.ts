/** One axis; every axis that shows numbers has a title with its unit. */
export interface Axis {
  readonly title?: { readonly text: string; readonly standoff?: number };
  readonly type?: "linear" | "log" | "date" | "category";
  readonly range?: readonly [number, number] | undefined;
  readonly rangemode?: "tozero" | "nonnegative";
  readonly autorange?: boolean | "reversed";
  readonly domain?: readonly [number, number];
  readonly anchor?: string;
  readonly matches?: string;
  readonly tickformat?: string;
  readonly tickformatstops?: readonly {
    readonly dtickrange: readonly [number | string | null, number | string | null];
    readonly value: string;
  }[];
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly dtick?: number | string;
  readonly nticks?: number;
  readonly hoverformat?: string;
  readonly showticklabels?: boolean;
  readonly showgrid?: boolean;
  readonly zeroline?: boolean;
  readonly fixedrange?: boolean;
  readonly automargin?: boolean;
  readonly gridcolor?: string;
  readonly linecolor?: string;
  readonly zerolinecolor?: string;
  readonly side?: "bottom" | "top" | "left" | "right";
  readonly constrain?: "domain";
  readonly scaleanchor?: string;
}

/** A text on the figure. */
export interface FigureAnnotation {
  readonly text: string;
  readonly x: number | string;
  readonly y: number | string;
  readonly xref?: string;
  readonly yref?: string;
  readonly showarrow?: boolean;
  readonly ax?: number;
  readonly ay?: number;
  readonly xanchor?: "left" | "center" | "right";
  readonly yanchor?: "top" | "middle" | "bottom";
  readonly xshift?: number;
  readonly yshift?: number;
  readonly align?: "left" | "center" | "right";
  readonly font?: { readonly size?: number; readonly color?: string };
  readonly bgcolor?: string;
}

/** A line or box drawn under or over the traces. */
interface FigureShape {
  readonly type: "line" | "rect";
  readonly x0: number | string;
  readonly x1: number | string;
  readonly y0: number | string;
  readonly y1: number | string;
  readonly xref?: string;
  readonly yref?: string;
  readonly layer?: "above" | "below";
  readonly fillcolor?: string;
  readonly opacity?: number;
  readonly line?: {
    readonly color?: string;
    readonly width?: number;
    readonly dash?: "solid" | "dot" | "dash";
  };
}

/** An image placed in axis coordinates. */
export interface FigureImage {
  /** A `data:` address: figures never load anything. */
  readonly source: string;
  readonly xref: string;
  readonly yref: string;
  readonly x: number;
  readonly y: number;
  readonly sizex: number;
  readonly sizey: number;
  readonly sizing: "stretch";
  readonly layer: "below" | "above";
}

/** Everything of a figure but its traces. */
export interface Layout {
  readonly title: {
    readonly text: string;
    readonly x?: number;
    readonly xanchor?: "left" | "center";
    readonly xref?: "container" | "paper";
    readonly y?: number;
    readonly yref?: "container" | "paper";
    readonly yanchor?: "top" | "bottom";
    readonly pad?: { readonly t?: number; readonly b?: number };
    readonly automargin?: boolean;
    readonly font?: { readonly size?: number };
    readonly subtitle?: {
      readonly text: string;
      readonly font?: { readonly size?: number; readonly color?: string };
    };
  };
  /** Kept by plotly.js for whoever made the figure. */
  readonly meta?: { readonly heading: { readonly title: string; readonly subtitle?: string | undefined } };
  readonly xaxis?: Axis;
  readonly yaxis?: Axis;
  readonly [axis: `xaxis${number}`]: Axis;
  readonly [axis: `yaxis${number}`]: Axis;
  readonly height?: number;
  readonly width?: number;
  readonly margin?: { readonly l?: number; readonly r?: number; readonly t?: number; readonly b?: number };
  readonly font?: { readonly family?: string; readonly size?: number; readonly color?: string };
  readonly paper_bgcolor?: string;
  readonly plot_bgcolor?: string;
  readonly showlegend?: boolean;
  readonly legend?: {
    readonly orientation?: "h" | "v";
    readonly x?: number;
    readonly y?: number;
    readonly yref?: "container" | "paper";
    readonly xanchor?: "left" | "center" | "right";
    readonly yanchor?: "top" | "middle" | "bottom";
    readonly bgcolor?: string;
  };
  readonly hovermode?: "closest" | "x" | "x unified" | false;
  readonly hoverlabel?: { readonly align?: "left"; readonly font?: { readonly size?: number } };
  readonly dragmode?: "zoom" | "pan";
  readonly modebar?: { readonly remove: readonly string[] };
  readonly barmode?: "overlay" | "group" | "stack";
  readonly bargap?: number;
  readonly uirevision?: string;
  readonly annotations?: readonly FigureAnnotation[];
  readonly shapes?: readonly FigureShape[];
  readonly images?: readonly FigureImage[];
}
