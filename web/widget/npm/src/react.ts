/** The widget as a React component. It draws nothing where it stands: the button floats over the page. */

import { useEffect, useRef } from "react";
import { load, type Options, type ShopwrightApi, type Visitor } from "./index.js";

export interface ShopwrightProps extends Omit<Options, "key"> {
  /** A publishable key; React keeps the name `key` for itself. */
  publishableKey?: string | undefined;
  visitor?: Visitor | undefined;
  onReady?: ((api: ShopwrightApi) => void) | undefined;
  onOpen?: (() => void) | undefined;
  onClose?: (() => void) | undefined;
  onMessage?: ((message: { id: string; text: string; outcome: string }) => void) | undefined;
  onError?: ((error: unknown) => void) | undefined;
}

// In strict mode, and between pages, a component goes and comes back at once: the widget stays then.
let users = 0;

export function Shopwright(props: ShopwrightProps): null {
  const latest = useRef(props);
  latest.current = props;
  const { server, bot, publishableKey, language, theme, position, nonce } = props;
  const known = JSON.stringify(props.visitor ?? null);

  useEffect(() => {
    users += 1;
    let gone = false;
    let api: ShopwrightApi | null = null;
    const opened = (): void => latest.current.onOpen?.();
    const closed = (): void => latest.current.onClose?.();
    const answered = (detail: unknown): void =>
      latest.current.onMessage?.(detail as { id: string; text: string; outcome: string });
    load({ server, bot, key: publishableKey, language, theme, position, nonce }).then(
      (loaded) => {
        if (users === 0) loaded.destroy(); // it came after the component had gone
        if (gone) return;
        api = loaded;
        api.on("open", opened);
        api.on("close", closed);
        api.on("message", answered);
        if (latest.current.visitor) api.identify(latest.current.visitor);
        latest.current.onReady?.(api);
      },
      (error: unknown) => {
        if (!gone) latest.current.onError?.(error);
      },
    );
    return () => {
      gone = true;
      users -= 1;
      api?.off("open", opened);
      api?.off("close", closed);
      api?.off("message", answered);
      setTimeout(() => {
        if (users === 0) call((left) => left.destroy());
      });
    };
  }, [server, bot, publishableKey, theme, position, nonce]);

  useEffect(() => {
    if (language) call((api) => api.setLanguage(language));
  }, [language]);
  useEffect(() => {
    const visitor = JSON.parse(known) as Visitor | null;
    if (visitor) call((api) => api.identify(visitor));
  }, [known]);
  return null;
}

function call(act: (api: ShopwrightApi) => void): void {
  const there = (window as { Shopwright?: ShopwrightApi | unknown[] }).Shopwright;
  if (there && !Array.isArray(there)) act(there as ShopwrightApi);
}
