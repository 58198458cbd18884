/** What a shop's page loads: the button. Everything else comes when it is opened. */

import { Api, Refused } from "./api";
import { hostIn, icon } from "./host";
import css from "./loader.css";
import { storeOf } from "./session";
import { speechOf, type Speech } from "./short-texts";
import { themeSheet } from "./theme";
import type { Config, EventName, Listener, Panel, Place, ShopwrightApi, Visitor } from "./types";

declare const PANEL: string;
declare global {
  interface Window {
    Shopwright?: ShopwrightApi | [string, ...unknown[]][];
  }
}

const SMALL = "(max-width: 480px), (max-height: 420px)";

function start(script: HTMLScriptElement): void {
  const set = script.dataset;
  const bot = set["bot"] ?? "";
  const base = new URL(set["api"] ?? script.src, location.href).origin;
  const early = window.Shopwright;
  if (early && !Array.isArray(early)) return; // the line stands on the page twice
  if (!/^[0-9a-f-]{36}$/i.test(bot)) {
    console.error("Shopwright: the script line needs data-bot with the id of a bot.");
    return;
  }
  const api = new Api(base, bot, set["key"] ?? null);
  const listeners = new Map<EventName, Set<Listener>>();
  const opened = storeOf(() => sessionStorage, `shopwright:${bot}:open`);
  const visitor: Visitor = {};
  let language: string | null = set["language"] ?? null;
  let speech: Speech = speechOf([language, ...navigator.languages]);
  let known: Config | null = null;
  let panel: Promise<Panel> | null = null;
  let mounted: Panel | null = null;
  let shown = false;
  let destroyed = false;

  const host = hostIn(document.body, script.nonce ?? "");
  host.style(css);
  const frame = document.createElement("div");
  frame.className = "sw";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "launcher";
  button.setAttribute("aria-haspopup", "dialog");
  host.root.append(frame);

  const emit = (event: EventName, detail: unknown): void => {
    for (const listener of listeners.get(event) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        console.error(error);
      }
    }
  };

  async function config(): Promise<Config> {
    if (known) return known;
    known = await api.config();
    host.style(themeSheet(known.theme, set["theme"] ?? known.theme.mode ?? "auto"));
    frame.classList.toggle("left", (set["position"] ?? known.theme.position) === "left");
    speech = speechOf([language, known.language, ...navigator.languages], known.texts);
    return known;
  }

  function draw(): void {
    button.setAttribute("aria-label", speech.say(shown ? "close" : "open"));
    button.setAttribute("aria-expanded", String(shown));
    if (shown) button.replaceChildren(icon("M6 9l6 6 6-6"));
    else if (known?.icon_url) {
      const image = document.createElement("img");
      image.alt = "";
      image.onerror = () => image.replaceWith(bubble());
      image.src = new URL(known.icon_url, base).href;
      button.replaceChildren(image);
    } else button.replaceChildren(bubble());
  }

  function load(): Promise<Panel> {
    if (panel) return panel;
    const place: Place = {
      root: host.root, base, bot, key: set["key"] ?? null, config, language, visitor, page: false, emit,
      closed: () => hide(true), style: host.style,
    };
    panel = import(`${base}/widget/${PANEL}`).then(
      (module: { mount(place: Place): Panel }) => (mounted = module.mount({ ...place, language })),
      (error: unknown) => {
        panel = null; // such as no connection: the next press tries again
        throw error;
      },
    );
    return panel;
  }

  async function show(): Promise<void> {
    if (destroyed || shown) return;
    button.setAttribute("aria-busy", "true");
    try {
      const loaded = await load();
      if (destroyed) return;
      shown = true;
      loaded.open();
      if (!matchMedia(SMALL).matches) opened.set("1");
      draw();
      emit("open", null);
    } catch (error) {
      emit("error", error);
      console.error("Shopwright: the chat could not be loaded.", error);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  function hide(focus: boolean): void {
    if (!shown) return;
    shown = false;
    opened.set("");
    mounted?.close();
    draw();
    if (focus) button.focus();
    emit("close", null);
  }

  const shopwright: ShopwrightApi = {
    open: () => void show(),
    close: () => hide(false),
    toggle: () => (shown ? hide(false) : void show()),
    send: (text) => void show().then(() => panel?.then((loaded) => loaded.send(String(text)))),
    on: (event, listener) => void (listeners.get(event) ?? listeners.set(event, new Set()).get(event)!).add(listener),
    off: (event, listener) => void listeners.get(event)?.delete(listener),
    identify(who) {
      Object.assign(visitor, who);
      mounted?.identify(visitor);
    },
    setLanguage(code) {
      language = code;
      speech = speechOf([code], known?.texts);
      mounted?.setLanguage(code);
      draw();
    },
    destroy() {
      destroyed = true;
      mounted?.destroy();
      host.element.remove();
      delete window.Shopwright;
    },
    push: (call) => perform(call),
  };
  const perform = ([name, ...values]: [string, ...unknown[]]): void => {
    const method = shopwright[name as keyof ShopwrightApi] as ((...values: unknown[]) => void) | undefined;
    if (method && name !== "push") method(...values);
    else console.error(`Shopwright: there is no "${name}".`);
  };
  window.Shopwright = shopwright;

  button.addEventListener("click", () => shopwright.toggle());
  for (const near of ["pointerenter", "focus"]) {
    button.addEventListener(near, () => void load().catch(() => undefined), { once: true });
  }

  // Something was written without a connection before this page was loaded: it is sent without being opened.
  const unsent = storeOf(() => localStorage, `shopwright:${bot}:unsent`);
  const resend = (): void => {
    if (!destroyed && unsent.get()) void load().catch(() => undefined);
  };
  addEventListener("online", resend);

  config()
    .catch((error: unknown) => {
      if (!(error instanceof Refused)) return;
      const { code, detail } = error.problem;
      console.error(`Shopwright: ${detail}${code === "origin_not_allowed" ? HINT : ""}`);
      // No such bot: a button that leads nowhere helps nobody.
      if (error.status === 404) shopwright.destroy();
    })
    .then(() => {
      if (destroyed) return;
      if (!known) host.style(themeSheet({}, set["theme"] ?? "auto"));
      draw();
      frame.append(button);
      for (const call of Array.isArray(early) ? early : []) perform(call);
      emit("ready", null);
      if (opened.get() && !matchMedia(SMALL).matches) void show();
      else resend();
    })
    .catch((error: unknown) => console.error(error));
}

const HINT = ` This page is ${location.origin}. Add it to the bot's allowed domains (or to the key's allowed origins), then load the page again.`;

function bubble(): SVGSVGElement {
  return icon("M21 12a8 8 0 0 1-8 8H4l2-3.2A8 8 0 1 1 21 12z", "M9 12h.01M13 12h.01M17 12h.01");
}

const script = document.currentScript ?? document.querySelector("script[data-bot][src*='widget.js']");
if (script instanceof HTMLScriptElement) {
  if (document.body) start(script);
  else document.addEventListener("DOMContentLoaded", () => start(script), { once: true });
}
