/** One message on the screen; drawn again only when something of it changed. */

import { renderMarkdown } from "../../../ui/src/markdown";
import type { Entry } from "../conversation";
import type { Speech } from "../texts";
import type { Citation, Problem, Products, Rating } from "../types";
import { cardsOf } from "./cards";
import { h } from "./dom";
import * as icons from "./icons";

/** What can be done with a message. */
export interface Acts {
  openSource(entry: Entry, citation: Citation, from: HTMLElement): void;
  retry(entry: Entry): void;
  rate(entry: Entry, rating: Rating, comment?: string): Promise<boolean>;
  mayRate(): boolean;
  announce(text: string): void;
}

const FINAL = new Set(["origin_not_allowed", "not_found", "unauthenticated", "forbidden"]);

export class MessageView {
  readonly element: HTMLLIElement;
  private drawn = "";
  private timer = 0;
  private commenting = false;

  constructor(
    public entry: Entry,
    private readonly name: string,
    private readonly speech: Speech,
    private readonly acts: Acts,
  ) {
    this.element = h("li", { class: entry.author === "contact" ? "contact" : "bot" });
  }

  /** The text as it is read out. */
  get spoken(): string {
    const bubble = this.element.querySelector(".bubble:not(.typing)")?.cloneNode(true) as HTMLElement | undefined;
    bubble?.querySelectorAll(".cite").forEach((note) => note.remove());
    return bubble?.textContent?.trim() ?? "";
  }

  update(entry: Entry): void {
    this.entry = entry;
    const { text, status, streaming, step, problem, rating, citations, blocks, id } = entry;
    const state = JSON.stringify([text, status, streaming, step, problem, rating, citations, blocks, id, this.acts.mayRate()]);
    if (state === this.drawn) return;
    this.drawn = state;
    clearInterval(this.timer);
    if (entry.author === "contact") this.drawContact();
    else this.drawBot();
  }

  private drawContact(): void {
    const { entry, speech } = this;
    const sent = entry.status === "sent" || entry.status === "sending";
    this.element.replaceChildren(
      h("span", { class: "vh" }, speech.say("you")),
      h("div", { class: sent ? "bubble" : "bubble pending", dir: "auto" }, entry.text),
    );
    if (entry.status === "waiting" && !navigator.onLine) {
      this.element.append(h("p", { class: "note" }, speech.say("waiting")));
    }
    if (entry.status === "failed" && entry.problem) this.element.append(this.problem(entry.problem));
  }

  private problem(problem: Problem): HTMLElement {
    const { speech } = this;
    const text = problemText(problem, speech);
    const note = h("div", { class: "note problem" }, h("span", {}, text));
    this.acts.announce(text);
    if (FINAL.has(problem.code)) return note;
    const button = h("button", { type: "button", class: "button", onclick: () => this.acts.retry(this.entry) });
    let left = Math.min(600, problem.retryAfter);
    const draw = (): void => {
      button.disabled = left > 0;
      button.textContent = left > 0 ? speech.say("retry_in", { seconds: left }) : speech.say("retry");
      if (left <= 0) clearInterval(this.timer);
      left -= 1;
    };
    draw();
    if (!button.disabled) return note.append(button), note;
    this.timer = window.setInterval(draw, 1000);
    note.append(button);
    return note;
  }

  private drawBot(): void {
    const { entry, speech } = this;
    const parts: Node[] = [h("span", { class: "vh" }, speech.say("bot_said", { name: this.name }))];
    if (entry.text) {
      const bubble = h("div", { class: "bubble", dir: "auto" });
      bubble.append(renderMarkdown(entry.text, { citation: (number) => this.cite(number) }));
      parts.push(bubble);
    }
    if (entry.streaming) parts.push(this.typing());
    for (const block of entry.blocks) {
      if (block.type === "products") parts.push(cardsOf((block as Products).items, speech, (number) => this.cite(number)));
    }
    if (!entry.streaming) {
      if (entry.citations.length > 0) parts.push(this.sources());
      if (this.acts.mayRate() && entry.outcome) parts.push(this.feedback());
      if (this.commenting) parts.push(this.comment());
    }
    this.element.replaceChildren(...parts);
  }

  private typing(): HTMLElement {
    const { step } = this.entry;
    const doing = step?.title ? this.speech.say("looking_in", { title: step.title }) : this.speech.say("finding");
    const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    return h("div", { class: "bubble typing" }, dots, h("span", {}, doing));
  }

  private cite(number: number): Node | null {
    const citation = this.entry.citations.find((known) => known.number === number);
    // Before the citations are there, the marker has no place to lead to.
    if (!citation) return this.entry.streaming ? document.createTextNode("") : null;
    const label = this.speech.say("source", { number, title: citation.title });
    const button = h("button", { type: "button", class: "cite", "aria-label": label, title: citation.title }, String(number));
    button.addEventListener("click", () => this.acts.openSource(this.entry, citation, button));
    return button;
  }

  private sources(): HTMLElement {
    const list = h("ul", { class: "sources", "aria-label": this.speech.say("sources") });
    for (const citation of this.entry.citations) {
      const before = h("span", { class: "vh" }, `${this.speech.say("passage")} `);
      const title = h("span", { dir: "auto" }, citation.title);
      const button = h("button", { type: "button" }, before, h("b", {}, String(citation.number)), " ", title);
      button.addEventListener("click", () => this.acts.openSource(this.entry, citation, button));
      list.append(h("li", {}, button));
    }
    return list;
  }

  private feedback(): HTMLElement {
    const { rating } = this.entry;
    const tools = h("div", { class: rating ? "tools rated" : "tools" });
    for (const [value, name] of [["up", "good"], ["down", "bad"]] as const) {
      const pressed = rating === value;
      tools.append(
        h(
          "button",
          {
            type: "button", "aria-label": this.speech.say(name), title: this.speech.say(name),
            "aria-pressed": String(pressed), onclick: () => void this.rate(pressed ? null : value),
          },
          value === "up" ? icons.up() : icons.down(),
        ),
      );
    }
    return tools;
  }

  private async rate(rating: Rating): Promise<void> {
    this.commenting = rating === "down";
    const done = await this.acts.rate(this.entry, rating);
    if (!done) this.commenting = false;
    this.drawn = "";
    this.update(this.entry);
    if (done && rating === "up") this.acts.announce(this.speech.say("thanks"));
    const next = this.commenting ? "textarea" : `[aria-pressed="${rating ? "true" : "false"}"]`;
    this.element.querySelector<HTMLElement>(next)?.focus();
  }

  private comment(): HTMLElement {
    const field = h("textarea", { id: `sw-comment-${this.entry.id}`, maxlength: 2000, dir: "auto" });
    const form = h(
      "form",
      { class: "comment" },
      h("label", { for: field.id }, this.speech.say("comment")),
      field,
      h("button", { type: "submit", class: "button" }, this.speech.say("comment_send")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      void (text ? this.acts.rate(this.entry, "down", text) : Promise.resolve(true)).then((done) => {
        this.commenting = false;
        const thanks = h("p", { class: "note", tabindex: -1 }, this.speech.say(done ? "thanks" : "failed"));
        form.replaceWith(thanks);
        thanks.focus();
        this.acts.announce(thanks.textContent ?? "");
      });
    });
    return form;
  }
}

/** What went wrong, in the visitor's words. */
export function problemText(problem: Problem, speech: Speech): string {
  const { code } = problem;
  if (code === "network" || code === "still_answering") return speech.say("failed_network");
  if (code === "rate_limited") return speech.say("failed_rate");
  if (code === "origin_not_allowed") return speech.say("failed_origin");
  if (code === "bot_switched_off") return speech.say("failed_off");
  if (code === "not_found") return speech.say("failed_gone");
  if (code === "unauthenticated" || code === "forbidden") return speech.say("failed_key");
  return speech.say("failed");
}
