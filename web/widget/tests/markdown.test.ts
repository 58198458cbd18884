import { describe, expect, test } from "vitest";
import { renderMarkdown, safeUrl } from "../../ui/src/markdown";

function html(text: string, citations: number[] = []): string {
  const box = document.createElement("div");
  const citation = (number: number): Node | null => {
    if (!citations.includes(number)) return null;
    const note = document.createElement("sup");
    note.textContent = String(number);
    return note;
  };
  box.append(renderMarkdown(text, { citation }));
  return box.innerHTML;
}

const LINK = 'target="_blank" rel="noopener nofollow ugc"';

describe("what Markdown becomes", () => {
  test.each([
    ["Hello **bold** and *slanted* ~~gone~~ `code`", "<p>Hello <strong>bold</strong> and <em>slanted</em> <del>gone</del> <code>code</code></p>"],
    ["one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"],
    ["# Title\ntext", "<p><strong>Title</strong></p><p>text</p>"],
    ["- a\n- b\n  - c", "<ul><li>a</li><li><p>b</p><ul><li>c</li></ul></li></ul>"],
    ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
    ["> said\n> so", "<blockquote><p>said<br>so</p></blockquote>"],
    ["```js\nlet a = '<b>';\n```", '<pre tabindex="0"><code>let a = \'&lt;b&gt;\';</code></pre>'],
    ["snake_case_name and 2*3*4", "<p>snake_case_name and 2<em>3</em>4</p>"],
    ["a \\* b \\[x\\]", "<p>a * b [x]</p>"],
    ["5 * 4 * 3", "<p>5 * 4 * 3</p>"],
    ["---", "<hr>"],
    ["**not closed", "<p>**not closed</p>"],
    ["", ""],
  ])("%j", (text, expected) => {
    expect(html(text)).toBe(expected);
  });

  test("tables", () => {
    const table = html("| Size | Price |\n|---|--:|\n| S | **4,90** |\n| M |");
    expect(table).toContain('<th scope="col">Size</th>');
    expect(table).toContain("<td><strong>4,90</strong></td>");
    expect(table).toContain("<td>M</td><td></td>");
  });

  test("links to web pages and mail addresses", () => {
    expect(html("[shop](https://shop.example/a?b=1&c=2)")).toBe(`<p><a href="https://shop.example/a?b=1&amp;c=2" ${LINK}>shop</a></p>`);
    expect(html("see https://shop.example/a.")).toBe(`<p>see <a href="https://shop.example/a" ${LINK}>https://shop.example/a</a>.</p>`);
    expect(html("[mail](mailto:a@shop.example)")).toContain('href="mailto:a@shop.example"');
    expect(html("[https://a.example](https://b.example)").match(/<a /g)).toHaveLength(1);
  });

  test("citation notes, where there is one", () => {
    expect(html("30 days [1][2], see [a](https://a.example).", [1])).toBe(
      `<p>30 days <sup>1</sup>[2], see <a href="https://a.example/" ${LINK}>a</a>.</p>`,
    );
  });
});

describe("what Markdown never becomes", () => {
  test.each([
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<!-- x -->", "&lt;b&gt;",
    "<a href='javascript:alert(1)'>x</a>",
  ])("%j stays text", (text) => {
    const box = document.createElement("div");
    box.append(renderMarkdown(text));
    expect(box.textContent).toBe(text);
    expect(box.querySelectorAll("*:not(p)")).toHaveLength(0);
  });

  test.each([
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "vbscript:x", "file:///etc/passwd", "blob:x", "//evil.example", "/relative", "ftp://a.example",
  ])("a link to %j", (address) => {
    const box = document.createElement("div");
    box.append(renderMarkdown(`[x](${address}) <${address}>`));
    expect(box.querySelectorAll("a")).toHaveLength(0);
  });

  test("an image, wherever it is from", () => {
    expect(html("![a cat](https://evil.example/cat.png)")).toBe("<p>a cat</p>");
    expect(html("[![x](https://evil.example/a.png)](https://b.example)")).not.toContain("<img");
  });

  test("safeUrl gives whole addresses only", () => {
    expect(safeUrl("https://shop.example")).toBe("https://shop.example/");
    expect(safeUrl("shop.example")).toBeNull();
  });

  test.each(["[", "**", "*a ", "`", "[a](", "<", "> ", "- ", "_a_", "![", "|a|\n|-|\n", "**a *b ", "[1]", "https://a "])(
    "slow: %j a hundred thousand times",
    (piece) => {
      // Ends at all: what is quadratic takes minutes here.
      const box = document.createElement("div");
      box.append(renderMarkdown(piece.repeat(100_000)));
      expect(box.childNodes.length).toBeGreaterThan(0);
    },
  );
});
