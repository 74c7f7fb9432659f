// How the page of a post-mortem looks, in daylight and in the dark.

export const pageStyle = `
:root { color-scheme: light dark; --fg: #1c2024; --bg: #ffffff; --soft: #60646c; --line: #d9d9e0; --panel: #f6f6f8;
  --bad: #c62a2f; --good: #18794e; --warn: #946800; --bar: #3e63dd; --placed: #a9b8ee; }
@media (prefers-color-scheme: dark) { :root { --fg: #edeef0; --bg: #16181b; --soft: #a0a4ac; --line: #3a3f45; --panel: #1f2226;
  --bad: #ff6369; --good: #4cc38a; --warn: #f1a10d; --bar: #849dff; --placed: #3b4a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--bg); color: var(--fg);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.25rem; overflow-wrap: anywhere; } h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
code, .log, td, th { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 13px; }
.lead { font-size: 1.05rem; } .soft { color: var(--soft); }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; margin: .5rem 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; border-bottom: 1px solid var(--line); white-space: nowrap; }
td.wide { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 20rem; }
.ok { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.log { list-style: none; margin: 0; padding: 0; } .log li { display: flex; gap: .75rem; padding: .1rem 0; border-bottom: 1px solid var(--line); }
.log time, .log .level { flex: none; color: var(--soft); } .log .level { width: 3rem; } .log span.text { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 0; }
.log li.bad .level, .log li.bad .text { color: var(--bad); } .log li.warn .level { color: var(--warn); }
ol.stack { list-style: none; margin: .25rem 0 0; padding: 0; } ol.stack li.own { font-weight: 600; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--fg); font: 12px system-ui, sans-serif; } svg .track { stroke: var(--line); }
svg .known { fill: var(--bar); } svg .placed { fill: var(--placed); stroke: var(--bar); stroke-dasharray: 3 2; }
@media (max-width: 40rem) { body { padding: 1rem .75rem; } .log li { flex-wrap: wrap; } .log span.text { flex-basis: 100%; } td.wide { min-width: 0; } svg { min-width: 34rem; } }
@media print { .panel { break-inside: avoid; } }
`
