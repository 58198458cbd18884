/** The full-page chat. */

import { Api } from "./api";
import chatCss from "./chat.css";
import { hostIn } from "./host";
import css from "./loader.css";
import { mount } from "./panel/panel";
import { themeSheet } from "./theme";
import type { Config } from "./types";

const main = document.querySelector<HTMLElement>("main[data-bot]");
if (main) {
  const bot = main.dataset["bot"]!;
  const base = location.origin;
  const api = new Api(base, bot, null);
  const host = hostIn(main, "");
  host.style(css);
  host.style(chatCss);
  const frame = document.createElement("div");
  frame.className = "sw";
  host.root.append(frame);
  let known: Config | null = null;
  const panel = mount({
    root: host.root, base, bot, key: null, page: true, visitor: {},
    language: new URLSearchParams(location.search).get("language"),
    emit: () => undefined,
    closed: () => undefined,
    style: host.style,
    async config() {
      if (known) return known;
      host.style(themeSheet({}, "auto"));
      known = await api.config();
      host.style(themeSheet(known.theme, known.theme.mode ?? "auto"));
      return known;
    },
  });
  panel.open();
}
if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/chat/sw.js").catch(() => undefined);
