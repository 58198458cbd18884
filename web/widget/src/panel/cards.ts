/** Product cards, side by side. Every value stands in a cited record; pictures are fetched without a referrer. */

import type { Speech } from "../texts";
import type { Product } from "../types";
import { h } from "./dom";
import { back, forward } from "./icons";

export function cardsOf(items: Product[], speech: Speech, cite: (number: number) => Node | null): HTMLElement {
  const list = h("ul", { tabindex: 0, "aria-label": speech.say("products") });
  for (const item of items) list.append(cardOf(item, speech, cite));
  const frame = h("div", { class: "cards", role: "group", "aria-label": speech.say("products") }, list);
  if (items.length > 1) {
    const step = (sign: number) => () => {
      const way = speech.direction === "rtl" ? -sign : sign;
      list.scrollBy({ left: way * 196, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    };
    frame.append(
      h(
        "div",
        { class: "arrows" },
        h("button", { type: "button", class: "icon", "aria-label": speech.say("previous"), onclick: step(-1) }, back()),
        h("button", { type: "button", class: "icon", "aria-label": speech.say("next"), onclick: step(1) }, forward()),
      ),
    );
  }
  return frame;
}

function cardOf(item: Product, speech: Speech, cite: (number: number) => Node | null): HTMLElement {
  const card = h("li", { class: "card" });
  if (isHttps(item.image_url)) {
    const image = h("img", { alt: "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" });
    image.onerror = () => image.remove();
    image.src = item.image_url;
    card.append(image);
  }
  const price = h("span", { class: "price" }, priceOf(item.price, item.currency, speech.language));
  if (item.was_price) {
    const was = priceOf(item.was_price, item.currency, speech.language);
    price.prepend(h("span", { class: "vh" }, `${speech.say("now")} `));
    price.append(h("s", {}, h("span", { class: "vh" }, `${speech.say("was")} `), was));
  }
  const inner = h("div", { class: "in" }, h("span", { class: "name", dir: "auto" }, item.title), price);
  if (isLink(item.url)) {
    const label = `${speech.say("product_open")}: ${item.title}`;
    const values = { class: "button", target: "_blank", rel: "noopener nofollow ugc", href: item.url, "aria-label": label };
    inner.append(h("a", values, speech.say("product_open")));
  } else {
    const note = cite(item.citation);
    if (note) inner.append(h("span", { class: "row" }, note));
  }
  card.append(inner);
  return card;
}

/** A price in the reader's way when it is a plain number with a currency's code, else as it stands in the record. */
export function priceOf(price: string, currency: string | null, language: string): string {
  const plain = /^\d{1,9}(?:[.,]\d{1,2})?$/.test(price.trim());
  if (plain && currency && /^[A-Z]{3}$/.test(currency)) {
    try {
      return new Intl.NumberFormat(language, { style: "currency", currency }).format(Number(price.trim().replace(",", ".")));
    } catch {
      // No currency this browser knows.
    }
  }
  return currency ? `${price} ${currency}` : price;
}

function isHttps(address: string | null): address is string {
  return address !== null && /^https:\/\/[^\s]+$/i.test(address);
}

function isLink(address: string | null): address is string {
  return address !== null && /^https?:\/\/[^\s]+$/i.test(address);
}
