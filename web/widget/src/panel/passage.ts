/** The source of a citation, opened over the conversation. */

import { safeUrl } from "../../../ui/src/markdown";
import type { Speech } from "../texts";
import type { Citation, Passage } from "../types";
import { focusable, h } from "./dom";
import { back } from "./icons";

export interface Sheet {
  element: HTMLElement;
  close(): void;
}

export function openPassage(citation: Citation, load: () => Promise<Passage>, speech: Speech, closed: () => void): Sheet {
  const where = h("p", { class: "where" });
  const text = h("div", { class: "text", dir: "auto", tabindex: 0, role: "region", "aria-label": speech.say("passage") });
  const foot = h("div", { class: "foot" });
  const title = h("h2", { id: "sw-source", dir: "auto" }, citation.title);
  const leave = h("button", { type: "button", class: "icon back", "aria-label": speech.say("back") }, back());
  const element = h(
    "div",
    { class: "sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": "sw-source" },
    h("div", { class: "top" }, leave, title),
    where,
    text,
    foot,
  );
  const close = (): void => {
    element.remove();
    closed();
  };
  leave.addEventListener("click", close);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    keepInside(event, element);
  });

  const show = async (): Promise<void> => {
    text.replaceChildren(speech.say("passage_loading"));
    foot.replaceChildren();
    try {
      const passage = await load();
      const page = passage.page === null ? "" : speech.say("passage_page", { page: passage.page });
      where.textContent = [passage.heading, page].filter(Boolean).join(" · ");
      const quote = h("mark", {}, passage.quote);
      text.replaceChildren(passage.before, quote, passage.after);
      quote.scrollIntoView({ block: "center" });
      const url = passage.url ? safeUrl(passage.url) : null;
      if (url) foot.append(h("a", { href: url, target: "_blank", rel: "noopener nofollow ugc" }, speech.say("passage_open")));
    } catch {
      const again = h("button", { type: "button", class: "button", onclick: () => void show() }, speech.say("retry"));
      text.replaceChildren(speech.say("passage_failed"));
      foot.replaceChildren(again);
    }
    foot.hidden = !foot.hasChildNodes();
  };
  void show();
  queueMicrotask(() => leave.focus());
  return { element, close };
}

/** Tab goes round inside an element. */
export function keepInside(event: KeyboardEvent, element: HTMLElement): void {
  if (event.key !== "Tab") return;
  const all = focusable(element);
  const root = element.getRootNode() as ShadowRoot;
  const at = all.indexOf(root.activeElement as HTMLElement);
  const leaving = event.shiftKey ? at <= 0 : at === all.length - 1;
  if (leaving && all.length > 0) {
    event.preventDefault();
    all[event.shiftKey ? all.length - 1 : 0]!.focus();
  }
}
