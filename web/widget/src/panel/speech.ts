/** Dictation, in browsers that have it. */

import type { Speech } from "../texts";
import { h } from "./dom";
import { microphone } from "./icons";

interface Recognition {
  lang: string;
  interimResults: boolean;
  start(): void;
  stop(): void;
  onresult: (event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void;
  onend: () => void;
}

export function dictation(speech: Speech, field: HTMLTextAreaElement, changed: () => void): HTMLButtonElement | null {
  const known = window as unknown as Record<string, (new () => Recognition) | undefined>;
  const Made = known["SpeechRecognition"] ?? known["webkitSpeechRecognition"];
  if (!Made || !isSecureContext) return null;
  let running: Recognition | null = null;
  const button = h("button", { type: "button", class: "icon", "aria-label": speech.say("dictate") }, microphone());
  const draw = (): void => {
    button.classList.toggle("on", running !== null);
    button.setAttribute("aria-label", speech.say(running ? "dictating" : "dictate"));
  };
  button.addEventListener("click", () => {
    if (running) {
      running.stop();
      return;
    }
    const before = field.value ? `${field.value.trimEnd()} ` : "";
    running = new Made();
    running.lang = speech.language;
    running.interimResults = true;
    running.onresult = (event) => {
      field.value = before + Array.from(event.results, (result) => result[0]!.transcript).join("");
      changed();
    };
    running.onend = () => {
      running = null;
      draw();
      field.focus();
    };
    running.start();
    draw();
  });
  return button;
}
