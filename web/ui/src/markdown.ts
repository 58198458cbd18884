/**
 * The one function that shows text of documents, models and people: Markdown in, DOM nodes out.
 *
 * It never parses HTML: what looks like a tag stays text. No images. Links lead to http, https and mailto only.
 * Works in time linear in the text, whatever the text is.
 */

export interface MarkdownOptions {
  document?: Document;
  /** Makes the node for a marker such as `[2]`; without it, or when it returns null, the marker stays text. */
  citation?: (number: number) => Node | null;
}

const MAX_CHARACTERS = 40_000;
const MAX_DEPTH = 6;
const PROTOCOLS = new Set(["http:", "https:", "mailto:"]);
const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const QUOTE = /^ {0,3}>\s?/;
const ITEM = /^(\s*)(?:([-*+•])|(\d{1,9})[.)])\s+(.*)$/;
const SEPARATOR = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const BARE_LINK = /^https?:\/\/[^\s<>"]+/i;
const SPECIAL = /[\\`*_~[!<h\n]/gi;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;

/** The address of a link, or null when it may not be one. */
export function safeUrl(address: string): string | null {
  let url: URL;
  try {
    url = new URL(address.trim());
  } catch {
    return null;
  }
  return PROTOCOLS.has(url.protocol) ? url.href : null;
}

export function renderMarkdown(text: string, options: MarkdownOptions = {}): DocumentFragment {
  return new Renderer(options).render(text.slice(0, MAX_CHARACTERS));
}

class Renderer {
  private readonly doc: Document;
  private readonly citation: ((number: number) => Node | null) | undefined;

  constructor(options: MarkdownOptions) {
    this.doc = options.document ?? document;
    this.citation = options.citation;
  }

  render(text: string): DocumentFragment {
    const out = this.doc.createDocumentFragment();
    this.blocks(text.replace(/\r\n?/g, "\n").split("\n"), out, 0);
    return out;
  }

  private blocks(lines: string[], out: Node, depth: number): void {
    let at = 0;
    while (at < lines.length) {
      const line = lines[at]!;
      if (!line.trim()) at += 1;
      else if (FENCE.test(line)) at = this.code(lines, at, out);
      else if (RULE.test(line)) {
        out.appendChild(this.doc.createElement("hr"));
        at += 1;
      } else if (HEADING.test(line)) {
        // A heading inside a message is no heading of the page.
        const strong = this.doc.createElement("strong");
        this.inline(HEADING.exec(line)![1]!, strong, 0);
        this.element("p", out).appendChild(strong);
        at += 1;
      } else if (depth < MAX_DEPTH && QUOTE.test(line)) {
        const from = at;
        while (at < lines.length && QUOTE.test(lines[at]!)) at += 1;
        const inner = lines.slice(from, at).map((quoted) => quoted.replace(QUOTE, ""));
        this.blocks(inner, this.element("blockquote", out), depth + 1);
      } else if (depth < MAX_DEPTH && ITEM.test(line)) at = this.list(lines, at, out, depth);
      else if (isTable(lines, at)) at = this.table(lines, at, out);
      else {
        const from = at;
        do at += 1;
        while (at < lines.length && !startsBlock(lines, at, depth));
        this.inline(lines.slice(from, at).join("\n"), this.element("p", out), 0);
      }
    }
  }

  private code(lines: string[], at: number, out: Node): number {
    const fence = FENCE.exec(lines[at]!)![1]!;
    const from = at + 1;
    at = from;
    while (at < lines.length && !lines[at]!.trimStart().startsWith(fence)) at += 1;
    const pre = this.element("pre", out);
    pre.tabIndex = 0;
    this.element("code", pre).textContent = lines.slice(from, at).join("\n");
    return at + 1;
  }

  private list(lines: string[], at: number, out: Node, depth: number): number {
    const first = ITEM.exec(lines[at]!)!;
    const indent = first[1]!.length;
    const ordered = first[3] !== undefined;
    const list = this.element(ordered ? "ol" : "ul", out);
    if (ordered && first[3] !== "1") list.setAttribute("start", String(Number(first[3])));
    while (at < lines.length) {
      const item = ITEM.exec(lines[at]!);
      if (!item || item[1]!.length > indent + 1 || item[1]!.length < indent || (item[3] !== undefined) !== ordered) break;
      const inner = [item[4]!];
      at += 1;
      while (at < lines.length) {
        const line = lines[at]!;
        const nested = ITEM.exec(line);
        if (nested && nested[1]!.length <= indent + 1) break;
        const inside = /^\s{2,}\S/.test(line);
        if (!line.trim() ? !/^\s{2,}\S/.test(lines[at + 1] ?? "") : !inside && !nested) break;
        inner.push(line.slice(Math.min(indent + 2, line.length - line.trimStart().length)));
        at += 1;
      }
      const entry = this.element("li", list);
      if (inner.length === 1) this.inline(inner[0]!, entry, 0);
      else this.blocks(inner, entry, depth + 1);
      while (at + 1 < lines.length && !lines[at]!.trim() && ITEM.test(lines[at + 1]!)) at += 1;
    }
    return at;
  }

  private table(lines: string[], at: number, out: Node): number {
    const frame = this.element("div", out);
    frame.className = "table";
    frame.tabIndex = 0;
    const table = this.element("table", frame);
    const head = this.element("tr", this.element("thead", table));
    const names = cells(lines[at]!);
    for (const name of names) {
      const cell = this.element("th", head);
      cell.setAttribute("scope", "col");
      this.inline(name, cell, 0);
    }
    const body = this.element("tbody", table);
    at += 2;
    while (at < lines.length && lines[at]!.includes("|") && lines[at]!.trim()) {
      const row = this.element("tr", body);
      const values = cells(lines[at]!);
      for (let i = 0; i < names.length; i += 1) this.inline(values[i] ?? "", this.element("td", row), 0);
      at += 1;
    }
    return at;
  }

  private inline(text: string, out: Node, depth: number): void {
    // Marks that were looked for in vain are not looked for again.
    const missing = new Set<string>();
    let plain = 0;
    let at = 0;
    const flush = (to: number): void => {
      if (to > plain) out.appendChild(this.doc.createTextNode(text.slice(plain, to)));
    };
    while (at < text.length) {
      SPECIAL.lastIndex = at;
      const found = SPECIAL.exec(text);
      if (!found) break;
      at = found.index;
      const end = this.mark(text, at, depth, missing, (node) => {
        flush(at);
        if (node) out.appendChild(node);
      });
      if (end > at) {
        at = end;
        plain = end;
      } else at += 1;
    }
    flush(text.length);
  }

  /** Read the mark at a place; returns where it ends, or the place itself when there is none. */
  private mark(text: string, at: number, depth: number, missing: Set<string>, put: (node: Node | null) => void): number {
    const sign = text[at]!;
    const next = text[at + 1] ?? "";
    if (sign === "\n") {
      put(this.doc.createElement("br"));
      return at + 1;
    }
    if (sign === "\\" && PUNCTUATION.test(next)) {
      put(this.doc.createTextNode(next));
      return at + 2;
    }
    if (sign === "`") {
      const ticks = /^`+/.exec(text.slice(at, at + 20))![0];
      const close = find(text, ticks, at + ticks.length, missing);
      if (close < 0) return at;
      const code = this.doc.createElement("code");
      code.textContent = text.slice(at + ticks.length, close).trim();
      put(code);
      return close + ticks.length;
    }
    if ((sign === "*" || sign === "_" || sign === "~") && depth < MAX_DEPTH) return this.emphasis(text, at, depth, missing, put);
    if (sign === "!" && next === "[") {
      const link = linkAt(text, at + 1, missing);
      if (!link) return at;
      put(this.doc.createTextNode(link.label));
      return link.end;
    }
    if (sign === "[") return this.bracket(text, at, depth, missing, put);
    if (sign === "<") {
      const close = find(text, ">", at + 1, missing);
      const inner = close > 0 ? text.slice(at + 1, close) : "";
      const url = /^[a-z]+:\S+$/i.test(inner) ? safeUrl(inner) : null;
      if (!url) return at;
      put(this.link(url, (a) => (a.textContent = inner)));
      return close + 1;
    }
    if ((sign === "h" || sign === "H") && !WORD.test(text[at - 1] ?? "")) {
      const bare = BARE_LINK.exec(text.slice(at, at + 2000))?.[0].replace(/[.,;:!?'")\]*_~]+$/, "");
      const url = bare ? safeUrl(bare) : null;
      if (!bare || !url) return at;
      put(this.link(url, (a) => (a.textContent = bare)));
      return at + bare.length;
    }
    return at;
  }

  private emphasis(text: string, at: number, depth: number, missing: Set<string>, put: (node: Node) => void): number {
    const sign = text[at]!;
    const double = text[at + 1] === sign;
    if (sign === "~" && !double) return at;
    const mark = double ? sign + sign : sign;
    const from = at + mark.length;
    if (!text[from] || /\s/.test(text[from]!)) return at;
    if (sign === "_" && WORD.test(text[at - 1] ?? "")) return at;
    let close = find(text, mark, from, missing);
    // A mark after a space closes nothing, nor does `_` inside a word; look a little further, not for ever.
    for (let tries = 0; close > 0 && tries < 8; tries += 1) {
      const inside = sign === "_" && WORD.test(text[close + mark.length] ?? "");
      const ofTwo = !double && (text[close + 1] === sign || text[close - 1] === sign);
      if (close > from && !/\s/.test(text[close - 1]!) && !inside && !ofTwo) {
        const node = this.doc.createElement(sign === "~" ? "del" : double ? "strong" : "em");
        this.inline(text.slice(from, close), node, depth + 1);
        put(node);
        return close + mark.length;
      }
      close = text.indexOf(mark, close + mark.length);
    }
    return at;
  }

  private bracket(text: string, at: number, depth: number, missing: Set<string>, put: (node: Node) => void): number {
    const link = linkAt(text, at, missing);
    if (link) {
      const url = safeUrl(link.target);
      if (url) put(this.link(url, (a) => this.inline(link.label, a, Math.max(depth + 1, MAX_DEPTH - 1))));
      else put(this.doc.createTextNode(link.label));
      return link.end;
    }
    const marker = /^\[(\d{1,3})\]/.exec(text.slice(at, at + 6));
    const node = marker && this.citation ? this.citation(Number(marker[1])) : null;
    if (!marker || !node) return at;
    put(node);
    return at + marker[0].length;
  }

  private link(url: string, fill: (anchor: HTMLAnchorElement) => void): HTMLAnchorElement {
    const anchor = this.doc.createElement("a");
    anchor.href = url;
    anchor.target = "_blank";
    anchor.rel = "noopener nofollow ugc";
    fill(anchor);
    // A link inside a link would be taken apart by nobody but confuse everybody.
    for (const inner of Array.from(anchor.querySelectorAll("a"))) inner.replaceWith(...Array.from(inner.childNodes));
    return anchor;
  }

  private element<K extends keyof HTMLElementTagNameMap>(name: K, parent: Node): HTMLElementTagNameMap[K] {
    return parent.appendChild(this.doc.createElement(name));
  }
}

function find(text: string, mark: string, from: number, missing: Set<string>): number {
  if (missing.has(mark)) return -1;
  const at = text.indexOf(mark, from);
  if (at < 0) missing.add(mark);
  return at;
}

function linkAt(text: string, at: number, missing: Set<string>): { label: string; target: string; end: number } | null {
  const middle = find(text, "](", at + 1, missing);
  if (middle < 0 || middle - at > 500) return null;
  const label = text.slice(at + 1, middle);
  // "[1] and [a](b)": the first bracket is not the link's.
  if (/[[\]\n]/.test(label)) return null;
  const close = text.indexOf(")", middle + 2);
  if (close < 0 || close - middle > 2000) return null;
  const target = text.slice(middle + 2, close).trim().split(/\s/)[0] ?? "";
  return { label, target, end: close + 1 };
}

function startsBlock(lines: string[], at: number, depth: number): boolean {
  const line = lines[at]!;
  if (!line.trim() || FENCE.test(line) || RULE.test(line) || HEADING.test(line)) return true;
  return (depth < MAX_DEPTH && (QUOTE.test(line) || ITEM.test(line))) || isTable(lines, at);
}

function isTable(lines: string[], at: number): boolean {
  const below = lines[at + 1];
  if (!lines[at]!.includes("|") || below === undefined || !below.includes("-") || below.length > 500) return false;
  return SEPARATOR.test(below) && cells(lines[at]!).length === cells(below).length;
}

function cells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
}
