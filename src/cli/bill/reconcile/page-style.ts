// How the page of a reconciliation looks: as that of a post-mortem, with two sides to tell apart by colour and by shape.
import { pageStyle } from '../../post-mortem/html-style.ts'

export const reconcileStyle = `${pageStyle}
:root { --ours: #3e63dd; --bill: #e5803a; --settled: #30a46c; }
@media (prefers-color-scheme: dark) { :root { --ours: #849dff; --bill: #ffa057; --settled: #4cc38a; } }
svg .ours { fill: var(--ours); } svg .bill { fill: var(--bill); } svg .settled { fill: var(--settled); } svg .open { fill: var(--bad); }
svg .axis { stroke: var(--soft); } svg .grid { stroke: var(--line); } svg text.soft { fill: var(--soft); font-size: 11px; } svg text.end { text-anchor: end; } svg text.middle { text-anchor: middle; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; } td.why { white-space: normal; min-width: 22rem; }
tr.total td { font-weight: 600; } .swatch { display: inline-block; width: .8em; height: .8em; border-radius: 2px; vertical-align: -.05em; margin: 0 .35em 0 1em; }
.swatch.ours { background: var(--ours); } .swatch.bill { background: var(--bill); } .swatch.settled { background: var(--settled); } .swatch.open { background: var(--bad); }
.tag { border: 1px solid var(--line); border-radius: 4px; padding: 0 .35em; } ul.plain { list-style: none; margin: 0; padding: 0; }
@media screen { .drawing { overflow-x: auto; } .drawing svg { min-width: 38rem; } }
@media print { body { max-width: none; padding: 0; } td.why { min-width: 12rem; } tr { break-inside: avoid; } svg { print-color-adjust: exact; } }
`
