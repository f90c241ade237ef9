// How the report looks, light and dark.

export const STYLE = `
:root{--paper:#fbfaf7;--card:#fff;--ink:#1c1e21;--soft:#6b7078;--line:#e3e1da;--accent:#2b6cb0;--good:#2f855a;--bad:#c53030;--warn:#b7791f;--serve:#2f855a;--want:#a0aec0;--fault:#c5303018;--shadow:0 1px 2px #0001}
@media(prefers-color-scheme:dark){:root{--paper:#15171a;--card:#1d2024;--ink:#e8e6e1;--soft:#9aa0a8;--line:#33373d;--accent:#63b3ed;--good:#68d391;--bad:#fc8181;--warn:#f6c453;--serve:#68d391;--want:#5a6472;--fault:#fc818122;--shadow:none}}
*{box-sizing:border-box}html{font:15px/1.45 system-ui,sans-serif;background:var(--paper);color:var(--ink)}
body{margin:0 auto;max-width:76rem;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.05rem;margin:2.2rem 0 .7rem;letter-spacing:.01em}
p{margin:.3rem 0}.soft{color:var(--soft)}code{font:.86em ui-monospace,monospace;background:var(--line);border-radius:4px;padding:.1em .35em;overflow-wrap:anywhere}
.badge{display:inline-block;border-radius:999px;padding:.15rem .7rem;font-weight:600;font-size:.85rem;color:#fff;background:var(--good)}.badge.bad{background:var(--bad)}
@media(prefers-color-scheme:dark){.badge{color:#111}}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.9rem 1rem;box-shadow:var(--shadow)}
.player{position:sticky;top:0;z-index:3;display:grid;grid-template-columns:auto 1fr auto;gap:.8rem;align-items:center;margin-top:1rem}
.player button{font:inherit;border:1px solid var(--line);background:var(--paper);color:inherit;border-radius:8px;width:2.6rem;height:2.2rem;cursor:pointer}
.player input{width:100%;accent-color:var(--accent)}.clock{font-variant-numeric:tabular-nums;font-weight:600;min-width:5.5rem;text-align:right}
.now{grid-column:1/-1;min-height:1.45em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.ticks{grid-column:1/-1;height:6px;width:100%;display:block}
.fleet{display:flex;flex-wrap:wrap;gap:.9rem}.region{flex:1 1 15rem;min-width:min(100%,15rem)}
.region>b{display:block;margin-bottom:.4rem}.zone{border-left:3px solid var(--line);padding:.1rem 0 .1rem .6rem;margin:.5rem 0}
.zone>span{font-size:.78rem;color:var(--soft)}.clusters{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.5rem;margin-top:.25rem}
.cluster{border:1px solid var(--line);border-radius:8px;padding:.45rem .55rem;background:var(--paper);transition:background .15s,border-color .15s}
.cluster header{display:flex;justify-content:space-between;gap:.4rem;font-size:.85rem;font-weight:600}.cluster header i{font-style:normal;font-weight:400;font-size:.72rem}
.cluster[data-state="not ready"],.cluster[data-state=unknown]{background:var(--fault);border-color:var(--bad)}.cluster[data-state="not ready"] i,.cluster[data-state=unknown] i{color:var(--bad)}
.cluster[data-state=cordoned],.cluster[data-state=leaving]{border-color:var(--warn);border-style:dashed}.cluster[data-state=gone]{opacity:.35}
.meter{height:4px;border-radius:2px;background:var(--line);margin:.35rem 0;overflow:hidden}.meter>div{height:100%;background:var(--accent)}
.pods{display:grid;grid-template-columns:1fr auto;font-size:.75rem;column-gap:.4rem;color:var(--soft)}.pods b{font-weight:600;color:var(--ink);font-variant-numeric:tabular-nums}.pods b.short{color:var(--bad)}
.dense .clusters{grid-template-columns:repeat(auto-fill,minmax(6.4rem,1fr));gap:.3rem}.dense .cluster{padding:.2rem .4rem}.dense .cluster header{font-size:.75rem}.dense .cluster header i{display:none}.dense .meter{height:3px;margin:.2rem 0}.dense .pods{font-size:.7rem}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(21rem,1fr));gap:.8rem}@media(max-width:24rem){.charts{grid-template-columns:1fr}}
.chart h3{font-size:.88rem;margin:0 0 .2rem;display:flex;justify-content:space-between;gap:.5rem}.chart h3 span{color:var(--soft);font-weight:400;font-variant-numeric:tabular-nums}
svg{display:block;width:100%;height:auto}svg text{fill:var(--soft);font-size:9px}
table{border-collapse:collapse;width:100%;font-size:.88rem}td,th{text-align:left;padding:.35rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--soft);font-weight:500}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td small{display:block;color:var(--soft);font-size:.8rem;line-height:1.3}table.named td:first-child,table.faults td:first-child{white-space:nowrap}table.faults td:nth-child(2){min-width:14rem}
@media(max-width:40rem){table.stacks tr{display:grid;grid-template-columns:4.5rem minmax(0,1fr);border-bottom:1px solid var(--line)}table.stacks td{border:0;overflow-wrap:anywhere}table.stacks td:nth-child(3){grid-column:2;padding-top:0;color:var(--soft)}td small{min-width:11rem}}
.scroll{overflow-x:auto}.two{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.8rem}@media(max-width:52rem){.two{grid-template-columns:minmax(0,1fr)}}
ol.story{list-style:none;margin:0;padding:0;max-height:27rem;overflow:hidden auto}ol.story button{all:unset;box-sizing:border-box;display:grid;grid-template-columns:4.2rem minmax(0,1fr);gap:.5rem;width:100%;padding:.22rem .3rem;border-radius:6px;cursor:pointer;font-size:.88rem}
ol.story button:hover,ol.story button:focus-visible{background:var(--line)}ol.story .event{font-weight:600}ol.story .bad{color:var(--bad)}ol.story .later{opacity:.4}ol.story time{color:var(--soft);font-variant-numeric:tabular-nums;font-weight:400}
details{border-bottom:1px solid var(--line);padding:.3rem 0;font-size:.88rem}summary{cursor:pointer}summary time{color:var(--soft);font-variant-numeric:tabular-nums;margin-right:.6rem}details ul{margin:.3rem 0 .5rem;padding-left:1.2rem;color:var(--soft)}details ul b{color:var(--ink)}
.decisions{max-height:27rem;overflow:auto}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.bar{display:inline-block;vertical-align:middle;height:8px;background:var(--accent);border-radius:2px;margin-right:.4rem}td.bar-cell{width:9rem}
`;
