/** Loads the widget from a Shopwright server, once a page. */

import type { ShopwrightApi } from "./api.js";

export type { EventName, Listener, ShopwrightApi, Visitor } from "./api.js";

export interface Options {
  /** Address of the Shopwright server, such as `https://bots.example.com`. */
  server: string;
  /** Id of the bot. */
  bot: string;
  /** A publishable key, `pk_live_…`; bots that are public need none. */
  key?: string | undefined;
  /** Language of the widget's own texts; the bot's or the visitor's when left out. */
  language?: string | undefined;
  theme?: "light" | "dark" | "auto" | undefined;
  position?: "left" | "right" | undefined;
  /** The nonce of the page's content security policy, where it uses nonces. */
  nonce?: string | undefined;
}

type Slot = { Shopwright?: ShopwrightApi | unknown[] };
let loading: Promise<ShopwrightApi> | null = null;

/** Puts the button on the page. Further calls give the widget that is there. */
export function load(options: Options): Promise<ShopwrightApi> {
  const there = (window as Slot).Shopwright;
  if (there && !Array.isArray(there)) return Promise.resolve(there as ShopwrightApi);
  loading ??= new Promise<ShopwrightApi>((done, failed) => {
    const script = document.createElement("script");
    script.src = `${options.server.replace(/\/+$/, "")}/widget.js`;
    script.async = true;
    if (options.nonce) script.nonce = options.nonce;
    for (const name of ["bot", "key", "language", "theme", "position"] as const) {
      const value = options[name];
      if (value) script.dataset[name] = value;
    }
    script.onload = () => {
      const made = (window as Slot).Shopwright;
      if (made && !Array.isArray(made)) done(made as ShopwrightApi);
      else failed(new Error("The Shopwright widget did not start; the browser's console says why."));
    };
    script.onerror = () => failed(new Error(`The Shopwright widget could not be loaded from ${script.src}.`));
    document.head.append(script);
  }).finally(() => (loading = null));
  return loading;
}
