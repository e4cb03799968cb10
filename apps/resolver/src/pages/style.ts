import { createHash } from 'node:crypto';

/** The whole style sheet: plain enough for old phones, inline so that one request brings the page. */
export const style = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#f5eee3;color:#2a211b;font:17px/1.5 system-ui,-apple-system,Roboto,"Noto Sans","DejaVu Sans",Arial,sans-serif;overflow-wrap:break-word;word-wrap:break-word}
a{color:#7c2d1e}
a:focus,input:focus,button:focus{outline:3px solid #d08a2e;outline-offset:2px}
.wrap{max-width:640px;margin:0 auto;padding:0 16px}
.band{color:#fff;background:#4a433d}
.band a{color:#fff}
.good{background:#235a3c}.info{background:#28496b}.caution{background:#7d4a08}.bad{background:#8c2318}
.top{display:flex;align-items:center;justify-content:space-between;padding:6px 0}
.top svg{display:block}
.langs{margin:0 -8px 0 0;padding:0;list-style:none;display:flex}
.langs a,.langs b{display:block;min-width:44px;padding:10px 6px;text-align:center;font-size:13px;line-height:1.2;letter-spacing:.03em;text-decoration:none;opacity:.86}
.langs b{opacity:1;box-shadow:inset 0 -2px 0 #fff}
.verdict{padding:12px 0 22px}
.verdict .head{display:flex;align-items:center}
.verdict svg{flex:none;width:52px;height:52px;margin-right:14px}
h1{margin:0;font-size:24px;line-height:1.2;font-weight:700;letter-spacing:-.005em}
.verdict p{margin:12px 0 0;font-size:16px;line-height:1.45}
.verdict .alert{margin:0 0 12px;padding:10px 12px;background:#fff;color:#7a1d12;font-weight:700;border-radius:6px}
.edge{display:block;width:100%;height:10px}
.edge-good{color:#235a3c}.edge-info{color:#28496b}.edge-caution{color:#7d4a08}.edge-bad{color:#8c2318}.edge-unknown{color:#4a433d}.edge-plain{color:#6d2b1c}
.demo{margin:10px 0 0;padding:8px 12px;border:1px dashed #9a7b4f;border-radius:6px;font-size:14px;line-height:1.4;color:#5d4524}
section{padding:20px 0 22px;border-bottom:2px dashed #dccbb0}
section:last-child{border-bottom:0}
h2{margin:0 0 10px;font-size:14px;line-height:1.3;font-weight:600;letter-spacing:.02em;color:#7a5a34}
.name{margin:0;font-size:23px;line-height:1.25;font-weight:700;color:#2a211b;letter-spacing:0}
.from{margin:4px 0 0;color:#5b4c40}
.title{margin:0 0 14px;font-size:20px;font-weight:700;letter-spacing:0;color:#2a211b}
dl{margin:14px 0 0;display:flex;flex-wrap:wrap}
dl div{width:50%;padding:0 12px 10px 0}
dl .wide{width:100%}
dt{font-size:13px;line-height:1.35;color:#6c5a49}
dd{margin:0;font-size:15px;line-height:1.45;font-weight:600}
.code{font-family:ui-monospace,"Roboto Mono","DejaVu Sans Mono",monospace;font-size:15px;letter-spacing:.02em}
.big{margin:0;font-size:20px;line-height:1.3;font-weight:700}
.sub{margin:2px 0 0;color:#5b4c40}
.map{display:block;width:100%;max-width:420px;height:auto;margin:14px auto 0}
.steps{margin:4px 0 0;padding:0;list-style:none}
.steps>li{position:relative;padding:0 0 20px 44px}
.steps>li:before{content:"";position:absolute;left:14px;top:30px;bottom:-2px;border-left:2px dashed #c9a36a}
.steps>li:last-child{padding-bottom:0}
.steps>li:last-child:before{display:none}
.no{position:absolute;left:0;top:0;width:30px;height:30px;border-radius:50%;background:#6d2b1c;color:#fff;font-size:14px;font-weight:700;line-height:30px;text-align:center}
h3{margin:0;padding-top:2px;font-size:18px;line-height:1.35;font-weight:600}
.when{margin:1px 0 0;font-size:15px;color:#6c5a49}
.facts{margin:6px 0 0;font-size:15px;line-height:1.45}
.facts span{color:#6c5a49}
.note{margin:6px 0 0;padding-left:10px;border-left:3px solid #dccbb0;font-size:15px;color:#4b3e34;white-space:pre-line}
.mark{display:inline-block;margin-left:6px;padding:1px 8px;border-radius:10px;background:#f0dfb9;color:#5f3d06;font-size:13px;font-weight:600;white-space:nowrap}
.warn{margin:8px 0 0;color:#8c2318;font-weight:600}
.claims{margin:20px 0;padding:14px 16px;border:2px dashed #9b8a78;border-radius:8px;background:#ece4d8}
.claims p{margin:0 0 4px;font-size:15px}
.limits{margin:0;padding:0 0 0 20px;font-size:16px}
.limits li{padding:0 0 8px}
footer{padding:18px 0 32px;font-size:14px;color:#6c5a49}
footer p{margin:0 0 10px}
.button,button{display:inline-block;padding:12px 20px;border:0;border-radius:6px;background:#6d2b1c;color:#fff;font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
.lead{margin:14px 0 0;font-size:18px}
.plain{background:#6d2b1c}
.plain .verdict{padding-bottom:24px}
label{display:block;margin:18px 0 4px;font-weight:600}
input{width:100%;padding:12px;border:2px solid #9b8a78;border-radius:6px;background:#fff;color:#2a211b;font:inherit;font-size:18px}
input.code{font-size:20px;text-transform:uppercase}
.hint{margin:4px 0 0;font-size:14px;color:#6c5a49}
.fault{margin:6px 0 0;color:#8c2318;font-weight:600}
form .button,form button{margin-top:20px}
.choose{padding:0;list-style:none}
.choose li{margin:0 0 12px}
ol.how{margin:0;padding:0 0 0 22px}
ol.how li{padding:0 0 10px}
@media print{.langs,footer .button{display:none}.band{color:#000;background:none;border-bottom:3px solid}}
`.replace(/\n/g, '');

const hash = createHash('sha256').update(style).digest('base64');

/** Nothing but this page's own style and the icon inside it; forms go home only. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${hash}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
