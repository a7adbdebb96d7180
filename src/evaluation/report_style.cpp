#include "evaluation/report_style.h"

namespace longhand::evaluation {

std::string_view report_style() {
  return R"css(
:root{color-scheme:light dark;--paper:#F7F3EA;--sheet:#FFFDF8;--line:#E4DCCB;--ink:#1C2B3A;
--muted:#5F666E;--seal:#B93A2B;--blue:#1F5FA8;--ochre:#A55E1E;--serif:Fraunces,Georgia,
"Source Han Serif SC","Noto Serif CJK SC",serif}
@media(prefers-color-scheme:dark){:root{--paper:#14181D;--sheet:#1B2128;--line:#2C343D;
--ink:#EDE7DA;--muted:#98A1AB;--seal:#E0705F;--blue:#7DB2F0;--ochre:#EFA35A}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 Inter,system-ui,
-apple-system,"Segoe UI","PingFang SC","Noto Sans CJK SC",sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:40px 24px 80px}
h1,h2,h3{font-family:var(--serif);font-weight:600;line-height:1.2;margin:0}
h1{font-size:38px;display:flex;align-items:center;gap:14px}
h1::before{content:"\5B57";font-size:20px;width:36px;height:36px;border-radius:8px;flex:none;
background:var(--seal);color:var(--paper);display:grid;place-items:center}
h2{font-size:26px;margin:56px 0 18px}
h3{font-size:18px;margin:0 0 12px}
p{margin:0}
.sub{color:var(--muted);margin-top:8px}
.sheet{background:var(--sheet);border:1px solid var(--line);border-radius:16px;padding:22px 24px;
min-width:0}
.sheet>p.note{color:var(--muted);font-size:13px;margin-top:10px}
.grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:18px}
.stack{display:grid;gap:18px;margin-top:18px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));gap:18px 26px}
.tile b{display:block;font:600 27px/1.2 var(--serif);white-space:nowrap}
.tile.main{grid-column:span 2}
.tile.main b{color:var(--seal);font-size:36px}
.tile span{color:var(--muted);font-size:13px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:5px 24px;margin:28px 0 0}
dt{color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--muted);font-size:12px}
svg .axis{font-size:12.5px}
.grid{stroke:var(--line)}
.curve{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.curve.c0{stroke:var(--seal)}.curve.c1{stroke:var(--ink)}.curve.c2{stroke:var(--blue)}
.curve.c3{stroke:var(--ochre)}
.dot.c0{fill:var(--seal)}.dot.c1{fill:var(--ink)}.dot.c2{fill:var(--blue)}.dot.c3{fill:var(--ochre)}
.ideal{stroke:var(--muted);stroke-dasharray:4 5}
.whisker{stroke:var(--muted);stroke-width:1.5}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;color:var(--muted);margin:0 0 8px}
.legend i{display:inline-block;width:14px;height:3px;border-radius:2px;margin-right:7px;
vertical-align:middle}
i.c0{background:var(--seal)}i.c1{background:var(--ink)}i.c2{background:var(--blue)}
i.c3{background:var(--ochre)}
.matrix{margin:0 auto}
.matrix .head{fill:var(--ink);font:600 13px var(--serif)}
.matrix .right{fill:var(--ink)}.matrix .wrong{fill:var(--seal)}
.matrix .on{fill:var(--sheet)}.matrix .off{fill:var(--ink)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
th{font-weight:500;color:var(--muted);text-align:right;border-bottom:1px solid var(--line);
padding:5px 10px;white-space:nowrap}
td{text-align:right;padding:5px 10px;border-bottom:1px solid var(--line);white-space:nowrap}
tr:last-child td{border-bottom:0}
th:first-child,td:first-child{text-align:left}
td:first-child{font:600 17px var(--serif)}
td.text,th.text{text-align:left}
.bar{display:block;width:120px;height:8px}
.bar .rail{fill:var(--line)}.bar .span{fill:var(--muted);fill-opacity:.5}.bar .mark{fill:var(--ink)}
.errors{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:14px}
figure{margin:0;border:1px solid var(--line);border-radius:12px;padding:10px}
figure div{display:flex;gap:6px}
figure img{flex:1 1 0;min-width:0;width:100%;aspect-ratio:1;object-fit:contain;
image-rendering:pixelated;background:#0E1115;border-radius:6px}
figcaption{margin-top:8px;font-size:12.5px;color:var(--muted);line-height:1.4;
overflow-wrap:anywhere}
figcaption b{font:600 18px var(--serif);color:var(--ink)}
figcaption b.read{color:var(--seal)}
footer{margin-top:56px;color:var(--muted);font-size:13px}
@media print{body{background:#fff}.sheet{break-inside:avoid}}
)css";
}

}  // namespace longhand::evaluation
