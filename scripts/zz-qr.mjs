import { randomBytes } from 'node:crypto'; import { writeFileSync, readdirSync, rmSync, mkdirSync } from 'node:fs'; import { execFileSync, spawnSync } from 'node:child_process';
import PDFDocument from 'pdfkit'; import QRCode from 'qrcode';
const base='/work/main/dist/apps/labeling/src/';
const { labelUri } = await import(base+'labels/label-uri.js'); const { symbolPath } = await import(base+'sheet/qr.js');
const { corner, pointsPerMm } = await import(base+'sheet/sheet.layout.js'); const { newSerial } = await import('/work/main/dist/libs/label/src/index.js');
const N=210; const run={host:'ovop.example',baseUrl:null,gtin:'09527888115844',lot:'H26-0905',attributes:{13:'260905',15:'280905',422:'417'},kid:'b436de0e2f8751ea',iat:2469};
const uris=Array.from({length:N},()=>labelUri(run,{serial:newSerial(randomBytes(7)),signature:randomBytes(64)}));
const seg=uri=>{const p=uri.indexOf('/01/'),q=uri.indexOf('?');const b=t=>({data:Buffer.from(t),mode:'byte'});return [b(uri.slice(0,p)),{data:uri.slice(p,q),mode:'alphanumeric'},b(uri.slice(q))]};
async function pdf(mask,mm,file,dx=0){const d=new PDFDocument({size:'A4',margin:0,autoFirstPage:false});const chunks=[];d.on('data',c=>chunks.push(c));const done=new Promise(r=>d.on('end',r));
 uris.forEach((u,i)=>{if(i%21===0)d.addPage();const q=QRCode.create(seg(u),{errorCorrectionLevel:'M',...(mask===null?{}:{maskPattern:mask})});const c=corner(i%21);const m=mm*pointsPerMm;d.addContent(`q ${m.toFixed(4)} 0 0 ${m.toFixed(4)} ${((c.x+.6+4*mm+dx)*pointsPerMm).toFixed(3)} ${((c.y+.6+4*mm)*pointsPerMm).toFixed(3)} cm\n${symbolPath({size:q.modules.size,modules:q.modules.data})}f Q`)});
 d.end();await done;writeFileSync(file,Buffer.concat(chunks))}
rmSync('/tmp/zzqr',{recursive:true,force:true});mkdirSync('/tmp/zzqr');process.chdir('/tmp/zzqr');
for(const [mask,mm] of JSON.parse(process.argv[2])) {await pdf(mask,mm,'x.pdf');
 for(const dpi of JSON.parse(process.argv[3]??'[150,203,300]')){execFileSync('pdftoppm',['-r',String(dpi),...(process.argv[4]?[process.argv[4]]:['-gray']),'x.pdf','p']);const files=readdirSync('.').filter(f=>f.startsWith('p-'));
 const out=spawnSync('zbarimg',['--raw','-q','-Sdisable','-Sqrcode.enable',...files],{encoding:'utf8'}).stdout.split('\n').filter(Boolean);const set=new Set(out);const miss=uris.filter(u=>!set.has(u)).length;const wrong=out.filter(u=>!uris.includes(u)).length;
 console.log({mask,mm,dpi,miss,wrong});files.forEach(f=>rmSync(f))}}
