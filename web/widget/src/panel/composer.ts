/** Where the visitor writes: grows with the text, shows the limit, keeps what was typed. */

import { MAX_MESSAGE, saysNothing } from "../conversation";
import type { Speech } from "../texts";
import { h } from "./dom";
import * as icons from "./icons";
import { dictation } from "./speech";

const COUNT_FROM = 7_000;
const HIGHEST = 140;

export interface Composer {
  element: HTMLFormElement;
  field: HTMLTextAreaElement;
}

export function composerOf(speech: Speech, draft: string, send: (text: string) => boolean): Composer {
  const field = h("textarea", {
    rows: 1, "aria-label": speech.say("message"), placeholder: speech.say("placeholder"), dir: "auto",
    enterkeyhint: "send", "aria-describedby": "sw-count",
  });
  const count = h("p", { class: "count", id: "sw-count" });
  const button = h("button", { type: "submit", class: "send", "aria-label": speech.say("send") }, icons.send());
  const element = h("form", { class: "composer" }, h("div", { class: "field" }, field, button), count);
  field.value = draft;

  const update = (): void => {
    field.style.height = "";
    const height = field.scrollHeight;
    if (height > field.clientHeight) field.style.height = `${Math.min(HIGHEST, height)}px`;
    const length = field.value.trim().length;
    const over = length > MAX_MESSAGE;
    button.disabled = over || saysNothing(field.value);
    count.hidden = length < COUNT_FROM;
    count.classList.toggle("over", over);
    count.textContent = count.hidden ? "" : speech.say(over ? "too_long" : "count", { count: length, max: MAX_MESSAGE });
    field.setAttribute("aria-invalid", String(over));
  };
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!button.disabled && send(field.value)) {
      field.value = "";
      update();
    }
    field.focus();
  });
  field.addEventListener("input", update);
  field.addEventListener("keydown", (event) => {
    // While a word is being composed, Enter chooses it.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      element.requestSubmit();
    }
  });
  const microphone = dictation(speech, field, update);
  if (microphone) button.before(microphone);
  queueMicrotask(update);
  return { element, field };
}
