'use strict';
const el=(tag,text,attrs)=>{const e=document.createElement(tag);if(text)e.textContent=text;
for(const k in attrs||{})e.setAttribute(k,attrs[k]);return e};
let spec;
const resolve=(s,depth)=>{if(!s||depth>5)return s;if(s.$ref){return resolve(spec.components.schemas[s.$ref.split('/').pop()],depth+1)}
const o={};for(const k in s){if(k==='title')continue;const v=s[k];o[k]=Array.isArray(v)?v.map(x=>typeof x==='object'?resolve(x,depth+1):x):
v&&typeof v==='object'?resolve(v,depth+1):v}return o};
const show=(box,name,schema)=>{if(!schema)return;box.append(el('h4',name));box.append(el('pre',JSON.stringify(resolve(schema,0),null,1)))};
function draw(filter){const list=document.getElementById('list');list.textContent='';const groups=new Map();
for(const [path,ops] of Object.entries(spec.paths))for(const [method,op] of Object.entries(ops)){
if(filter&&!(path+' '+(op.summary||'')).toLowerCase().includes(filter))continue;
const tag=(op.tags||['other'])[0];if(!groups.has(tag))groups.set(tag,[]);groups.get(tag).push([path,method,op])}
if(!groups.size)list.append(el('p','Nothing has this in its path or name.'));
for(const [tag,items] of groups){list.append(el('h2',tag));for(const [path,method,op] of items){const d=el('details');const s=el('summary');
s.append(el('b',method.toUpperCase()),el('code',path),el('span',op.summary||''),el('span',op['x-permission']||'',{class:'need'}));d.append(s);
d.addEventListener('toggle',()=>{if(!d.open||d.dataset.done)return;d.dataset.done='1';if(op.description)d.append(el('p',op.description));
const ps=(op.parameters||[]).map(p=>({name:p.name,in:p.in,required:p.required,...resolve(p.schema,0)}));
if(ps.length){d.append(el('h4','Parameters'));d.append(el('pre',JSON.stringify(ps,null,1)))}
for(const [kind,body] of Object.entries((op.requestBody||{}).content||{}))show(d,'Body, '+kind,body.schema);
for(const [code,r] of Object.entries(op.responses||{})){const c=Object.entries(r.content||{})[0];
d.append(el('h4','Answer '+code+(r.description?': '+r.description:'')));if(c&&c[1].schema)d.append(el('pre',JSON.stringify(resolve(c[1].schema,0),null,1)))}});
list.append(d)}}}
fetch('/openapi.json').then(r=>r.json()).then(s=>{spec=s;draw('');document.getElementById('find').addEventListener('input',e=>draw(e.target.value.toLowerCase()))})
.catch(()=>{document.getElementById('list').textContent='The description could not be loaded; reload the page.'});
