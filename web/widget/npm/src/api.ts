/** What `window.Shopwright` is. */

export interface Visitor {
  [name: string]: string | number | boolean | null;
}

export type Listener = (detail: unknown) => void;
export type EventName = "ready" | "open" | "close" | "message" | "error";

/** What a page can do with the widget. Calls made before the panel is there are kept and done then. */
export interface ShopwrightApi {
  open(): void;
  close(): void;
  toggle(): void;
  /** Opens the panel and says something in the visitor's name. */
  send(text: string): void;
  on(event: EventName, listener: Listener): void;
  off(event: EventName, listener: Listener): void;
  /** What the shop knows of its visitor; goes with the messages that follow. Do not put secrets in. */
  identify(visitor: Visitor): void;
  setLanguage(language: string): void;
  /** Takes the widget off the page. */
  destroy(): void;
  /** `push(["open"])` is `open()`; it also works on the plain list a page makes before the script is there. */
  push(call: [string, ...unknown[]]): void;
}
