/** Making elements without markup. */

type Child = Node | string | null;
type Values = Record<string, string | number | boolean | null | ((event: never) => void)>;

/** An element with attributes, listeners (`onclick`) and children; text is text, never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  values: Values = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(values)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null) element.setAttribute(key, String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** What can be reached with the Tab key. */
export function focusable(root: ParentNode): HTMLElement[] {
  const all = root.querySelectorAll<HTMLElement>("button, a[href], textarea, input, [tabindex='0']");
  return Array.from(all).filter((element) => !element.hasAttribute("disabled") && element.offsetParent !== null);
}
