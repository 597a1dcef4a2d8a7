/** Names of the colour maps. Both rise evenly in lightness, so that they also work in grey and for colour-blind eyes. */
export type ColourMapName = "magma" | "viridis";

// Every sixteenth entry of the maps by N. Smith and S. van der Walt (2015, CC0), as hexadecimal RGB.
const ANCHORS = {
  magma:
    "000004 0b0924 20114b 3b0f70 57157e 721f81 8c2981 a8327d c43c75 de4968 f1605d fa7f5e fe9f6d febf84 fddea0 fcfdbf",
  viridis:
    "440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e 1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725",
} as const satisfies Record<ColourMapName, string>;

/** The colour map as 256 colours [red, green, blue], each from 0 to 255, dark to light. */
export function colourMap(name: ColourMapName): [number, number, number][] {
  const anchors = ANCHORS[name].split(" ").map((hex) => parseInt(hex, 16));
  return Array.from({ length: 256 }, (_, index) => {
    const position = index * (anchors.length - 1) / 255;
    const below = Math.min(Math.floor(position), anchors.length - 2);
    const weight = position - below;
    const channel = (shift: number) => {
      const [low, high] = [anchors[below]! >> shift & 255, anchors[below + 1]! >> shift & 255];
      return Math.round(low + (high - low) * weight);
    };
    return [channel(16), channel(8), channel(0)];
  });
}

/** The colour map as a Plotly colour scale of 16 steps. */
export function plotlyColourScale(name: ColourMapName): [number, string][] {
  const anchors = ANCHORS[name].split(" ");
  return anchors.map((hex, index) => [index / (anchors.length - 1), `#${hex}`]);
}
