// Builds the widget into the server's package: names with the hash of their content, packed with gzip and brotli.

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../../src/shopwright/web/widget");
// What one page loads: the button, and the panel when it is opened.
const BUDGET = 30 * 1024;

const styles = {
  name: "styles",
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

async function bundle(entry, format, define = {}) {
  const result = await build({
    entryPoints: [join(here, "src", entry)],
    bundle: true, minify: true, write: false, format, define, plugins: [styles],
    target: ["chrome100", "firefox101", "safari15.4"], charset: "utf8", legalComments: "none",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

async function put(name, content) {
  await writeFile(join(out, name), content);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await writeFile(join(out, `${name}.br`), brotliCompressSync(content, quality));
  const packed = gzipSync(content, { level: 9 });
  await writeFile(join(out, `${name}.gz`), packed);
  return packed.length;
}

function hashed(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return name.replace(".", `.${hash}.`);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const names = {};
const sizes = {};
async function add(name, content, plain = false) {
  names[name] = plain ? name : hashed(name, content);
  sizes[name] = await put(names[name], content);
}
await add("panel.js", await bundle("panel/panel.ts", "esm"));
await add("widget.js", await bundle("loader.ts", "iife", { PANEL: JSON.stringify(names["panel.js"]) }), true);
await add("chat.js", await bundle("chat.ts", "esm"));
await add("sw.js", await bundle("sw.ts", "iife"), true);
await add("icon.svg", await readFile(join(here, "src/icon.svg")), true);
const page = await transform(await readFile(join(here, "src/chat-page.css"), "utf8"), { loader: "css", minify: true });
await add("chat.css", Buffer.from(page.code));
await writeFile(join(out, "manifest.json"), JSON.stringify(names, null, 2));

const loaded = sizes["widget.js"] + sizes["panel.js"];
console.log(`widget.js ${sizes["widget.js"]} + panel.js ${sizes["panel.js"]} = ${loaded} bytes gzip (at most ${BUDGET})`);
if (loaded > BUDGET) {
  console.error("The widget is too large.");
  process.exit(1);
}
