import { chartColors } from './themed.js';

/** The page's style sheet: system fonts, one column, colours by the reader's own scheme. */
export const pageStyle = `
:root{color-scheme:light dark;--page:#f4f6f8;--card:#ffffff;--text:#22272e;--muted:#5a6572;--line:#dde2e8;--head:#24405c;--onhead:#ffffff;--good:#0b5d43;--goodbg:#ddf1e7;--bad:#8c1d0b;--badbg:#fadfd9;--warn:#6b4a00;--warnbg:#fdf0d0;--accent:#0072b2;${chartColors('light')}}
@media (prefers-color-scheme:dark){:root{--page:#0d1117;--card:#161b22;--text:#e6edf3;--muted:#a4afbb;--line:#2b333d;--head:#24405c;--onhead:#ffffff;--good:#7ee2b8;--goodbg:#12352a;--bad:#ffb4a6;--badbg:#45190f;--warn:#ffd68a;--warnbg:#3a2f14;--accent:#4ea8e6;${chartColors('dark')}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,header,nav{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:1.7rem;margin:0 0 4px}
h2{font-size:1.2rem;margin:0 0 10px}
h3{font-size:1rem;margin:18px 0 6px}
.quiet,figcaption{color:var(--muted)}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;padding:0;margin:12px 0 0;list-style:none}
a{color:var(--accent)}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px;margin:18px 0}
.warning{background:var(--warnbg);color:var(--warn);border-radius:8px;padding:8px 14px;margin:10px 0;font-weight:600}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px;margin:14px 0 4px}
.figures div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.figures b{display:block;font-size:1.45rem;font-variant-numeric:tabular-nums}
.scroll{overflow:auto;max-height:560px;border:1px solid var(--line);border-radius:8px;margin:8px 0}
table{border-collapse:collapse;width:100%;font-size:.86rem;font-variant-numeric:tabular-nums}
th{position:sticky;top:0;background:var(--head);color:var(--onhead);text-align:left;vertical-align:bottom;padding:6px 10px;font-weight:600}
th button{all:unset;cursor:pointer}
th button:focus-visible{outline:2px solid var(--onhead);outline-offset:2px}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
td{padding:4px 10px;border-top:1px solid var(--line);white-space:nowrap}
td.number,th.number{text-align:right}
td.wide{white-space:normal;word-break:break-word}
.good{background:var(--goodbg);color:var(--good)}
.bad{background:var(--badbg);color:var(--bad)}
.warn{background:var(--warnbg);color:var(--warn)}
figure{margin:14px 0}
svg.chart{display:block;max-width:100%;height:auto;border:1px solid var(--line);border-radius:8px;background:var(--ink-paper)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(380px,1fr));gap:16px;align-items:start}
.controls{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
select,.controls button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:4px 10px}
select:focus-visible,.controls button:focus-visible,canvas:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
canvas{display:block;width:100%;touch-action:pan-y;margin-top:8px}
#readout{min-height:3em;font-size:.86rem;font-variant-numeric:tabular-nums}
@media print{nav,.controls{display:none}.scroll{max-height:none;overflow:visible}section{break-inside:avoid}}
`.trim();
