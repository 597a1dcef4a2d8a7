import { ROLE_COLOURS, type Theme, THEME_COLOURS } from "lib/show/plots/colours.ts";

function variables(theme: Theme): string {
  const { background, ink, muted, grid, line } = THEME_COLOURS[theme];
  const raised = theme === "light" ? "#f6f8fa" : "#1b2027";
  const link = theme === "light" ? "#0060a0" : "#7cc4f5";
  return `color-scheme:${theme};--background:${background};--raised:${raised};--ink:${ink};--muted:${muted};` +
    `--grid:${grid};--line:${line};--link:${link};`;
}

/**
 * The look of every page: light or dark as the reader's system, text of at least 4.5 to 1 contrast on both, and a
 * visible ring on whatever has the focus.
 */
export const PAGE_STYLE = `
:root{${variables("light")}}
@media (prefers-color-scheme: dark){:root{${variables("dark")}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1280px;padding:1.5rem clamp(1rem,3vw,2.5rem) 4rem;background:var(--background);
color:var(--ink);font:16px/1.5 system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
a{color:var(--link)}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .3rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2rem 0 .6rem}
h3{font-size:1rem;margin:0}
.lead{color:var(--muted);margin:0 0 1.2rem;overflow-wrap:anywhere}
.note{border-left:4px solid ${ROLE_COLOURS.falseAlarm};padding:.3rem .8rem;margin:1rem 0;background:var(--raised)}
.bare{max-width:none;padding:0}
.bare .plot{margin:0;border:0;padding:0}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.3rem,1fr));gap:.75rem;margin:0 0 1.25rem}
.facts div{background:var(--raised);border:1px solid var(--grid);border-radius:.6rem;padding:.6rem .85rem}
.facts dt{color:var(--muted);font-size:.82rem}
.facts dd{margin:0;font-size:1.1rem;font-weight:600;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.facts small{font-size:.8rem;font-weight:400;color:var(--muted);white-space:nowrap}
.plot figcaption{padding:.5rem .25rem 0;font-size:1.06rem;line-height:1.35;overflow-wrap:anywhere}
.plot figcaption span{display:block;color:var(--muted);font-size:.82rem}
.plot{margin:0 0 1rem;border:1px solid var(--grid);border-radius:.6rem;overflow:hidden;padding:.25rem .5rem}
.toolbar{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;
padding:.6rem 0;background:var(--background);border-bottom:1px solid var(--grid)}
.toolbar .status{color:var(--muted);font-variant-numeric:tabular-nums}
button,select{font:inherit;color:var(--ink);background:var(--raised);border:1px solid var(--muted);border-radius:.4rem;
padding:.3rem .75rem;min-height:2.25rem;cursor:pointer}
kbd{font:.8em ui-monospace,'DejaVu Sans Mono',monospace;border:1px solid var(--line);border-radius:.25rem;padding:0 .3em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.cards{list-style:none;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1rem;
margin:1rem 0 0;padding:0}
.card{border:1px solid var(--grid);border-radius:.6rem;padding:.8rem;background:var(--raised);
scroll-margin-top:4.5rem;content-visibility:auto;contain-intrinsic-size:auto 330px}
.card.current{border-color:var(--link);box-shadow:0 0 0 2px var(--link)}
.card header{display:flex;flex-wrap:wrap;gap:.1rem .75rem;align-items:baseline;justify-content:space-between}
.card h3{overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.card p{margin:.4rem 0 0;font-size:.9rem;overflow-wrap:anywhere}
.card p.detail{color:var(--muted);font-variant-numeric:tabular-nums}
.badge{font-size:.85rem;white-space:nowrap}
.badge span{font-size:1.05em}
.badge .found,.badge .matched{color:${ROLE_COLOURS.matched}}
.badge .falseAlarm{color:${ROLE_COLOURS.falseAlarm}}
.badge .missed{color:${ROLE_COLOURS.missed}}
.view{display:grid;grid-template-columns:2.6rem 1fr;margin:.6rem 0 .5rem;font-size:.72rem;color:var(--muted);
font-variant-numeric:tabular-nums}
.scale{position:relative}
.scale span{position:absolute;right:.35rem;transform:translateY(50%);white-space:nowrap}
.picture{position:relative;height:8.5rem;background:#000004;cursor:pointer;overflow:hidden;border-radius:.25rem .25rem 0 0}
.picture img{display:block;width:100%;height:100%}
.strip{position:relative;height:2.6rem;background:var(--background);border:1px solid var(--grid);border-top:0}
.picture svg,.strip svg{position:absolute;inset:0;width:100%;height:100%;pointer-events:none}
.bounds{fill:none;stroke:#fff;stroke-width:1.5;stroke-dasharray:5 3;vector-effect:non-scaling-stroke}
.curve{fill:${ROLE_COLOURS.score};fill-opacity:.25;stroke:${ROLE_COLOURS.score};stroke-width:1.5;vector-effect:non-scaling-stroke}
.limit{stroke:${ROLE_COLOURS.threshold};stroke-width:1.2;stroke-dasharray:4 3;vector-effect:non-scaling-stroke}
.playhead{position:absolute;top:0;bottom:0;width:2px;background:#fff;mix-blend-mode:difference;left:0;visibility:hidden}
.times{grid-column:2;position:relative;height:1.3rem}
.times span{position:absolute;transform:translateX(-50%);white-space:nowrap;top:.1rem}
.wide{overflow-x:auto}
.wide table{border-collapse:collapse}
.wide th,.wide td{text-align:left;padding:.3rem .9rem .3rem 0;vertical-align:middle;border-bottom:1px solid var(--grid)}
.wide td audio{display:block;height:2.2rem;width:11rem}
.card audio{display:block;width:100%;height:2.5rem}
.hidden{display:none}
footer{margin-top:2.5rem;color:var(--muted);font-size:.88rem}
@media print{.toolbar,audio{display:none}.card{break-inside:avoid;content-visibility:visible}}
`;
