"""The page at `/docs`: the API description, readable, without anything from another host."""

from typing import Final

DOCS_PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shopwright API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root{color-scheme:light dark;--line:#8884;--soft:#8882;--accent:#3b5bdb}
body{font:14px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:28px;line-height:1.2}h2{font-size:20px;margin-top:2.5rem;text-transform:capitalize}
details{border:1px solid var(--line);border-radius:8px;margin:.4rem 0;padding:.3rem .8rem}
summary{cursor:pointer;display:flex;gap:.8rem;align-items:baseline;flex-wrap:wrap}
summary b{min-width:4.5rem}code,pre{font:13px/1.5 ui-monospace,monospace}
pre{background:var(--soft);border-radius:6px;padding:.6rem;overflow:auto;max-height:26rem}
input{font:inherit;padding:.4rem .6rem;border-radius:6px;border:1px solid var(--line);width:100%;box-sizing:border-box}
.need{opacity:.75;margin-left:auto}a{color:var(--accent)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
</style></head><body><h1>Shopwright API</h1>
<p>Send an access token or an API key as <code>Authorization: Bearer …</code>. The description for programs is at
<a href="/openapi.json">/openapi.json</a>. Lists take <code>?limit=</code> and <code>?cursor=</code>; creates take an
<code>Idempotency-Key</code>; errors are problem documents with a <code>code</code> and a <code>request_id</code>.</p>
<p><label>Find a path <input id="find" type="search" autocomplete="off"></label></p><main id="list">Loading…</main>
<script src="/docs/page.js"></script></body></html>"""

DOCS_SCRIPT: Final = """'use strict';
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
"""
