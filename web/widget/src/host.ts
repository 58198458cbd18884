/** A place on a page that its styles do not reach: a shadow root with style sheets a strict policy allows. */

export interface Host {
  element: HTMLElement;
  root: ShadowRoot;
  style(sheet: string): void;
}

export function hostIn(parent: Node, nonce: string): Host {
  const element = document.createElement("div");
  element.setAttribute("data-shopwright", "");
  const root = element.attachShadow({ mode: "open" });
  parent.appendChild(element);
  return { element, root, style: (sheet) => addStyle(root, sheet, nonce) };
}

function addStyle(root: ShadowRoot, sheet: string, nonce: string): void {
  try {
    const made = new CSSStyleSheet();
    made.replaceSync(sheet);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, made];
  } catch {
    // Browsers before 2023; under a strict policy they need the nonce of the script.
    const style = document.createElement("style");
    if (nonce) style.nonce = nonce;
    style.textContent = sheet;
    root.prepend(style);
  }
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon drawn with lines, 24 units wide. */
export function icon(...paths: string[]): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) svg.appendChild(document.createElementNS(SVG, "path")).setAttribute("d", d);
  return svg;
}
