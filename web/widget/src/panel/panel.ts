/** The panel: everything that opens when the button is pressed. */

import { Api } from "../api";
import { Conversation, type Entry } from "../conversation";
import { storeOf, tabsOf } from "../session";
import { speechOf, type Speech } from "../texts";
import { Unsent } from "../unsent";
import type { Citation, Config, Panel, Place, Problem } from "../types";
import { composerOf, type Composer } from "./composer";
import { h } from "./dom";
import * as icons from "./icons";
import { MessageView, problemText, type Acts } from "./message";
import { keepInside, openPassage, type Sheet } from "./passage";
import css from "./panel.css";

const SMALL = "(max-width: 480px), (max-height: 420px)";
const SPOKEN_KEPT = 20;

export function mount(place: Place): Panel {
  place.style(css);
  return new ChatPanel(place);
}

class ChatPanel implements Panel {
  private readonly frame: HTMLElement;
  private readonly talk: Conversation;
  private readonly api: Api;
  private readonly tabs: { tell(what: string): void; close(): void };
  private readonly small = matchMedia(SMALL);
  private readonly stop = new AbortController();
  private readonly grown = new ResizeObserver(() => {
    if (this.following) this.follow();
  });
  private config: Config | null = null;
  private problem: Problem | null = null;
  private language: string | null;
  private speech: Speech;
  private isOpen = false;
  private views: MessageView[] = [];
  /** Whether the newest message is followed: until the visitor scrolls up. */
  private following = true;
  private spokenTo = 0;
  private spokenOf: Entry | null = null;
  private draft = "";
  private sheet: Sheet | null = null;
  private panel!: HTMLElement;
  private log!: HTMLElement;
  private list!: HTMLOListElement;
  private welcome!: HTMLElement;
  private replies!: HTMLElement;
  private live!: HTMLElement;
  private status!: HTMLElement;
  private ask!: HTMLElement;
  private composer!: Composer;

  constructor(private readonly place: Place) {
    this.frame = place.root.querySelector<HTMLElement>(".sw")!;
    this.language = place.language;
    this.speech = speechOf([this.language, ...navigator.languages]);
    this.api = new Api(place.base, place.bot, place.key);
    const name = `shopwright:${place.bot}`;
    this.tabs = tabsOf(name, (what) => this.talk.heard(what));
    this.talk = new Conversation({
      api: this.api,
      store: storeOf(() => localStorage, name),
      unsent: new Unsent(storeOf(() => localStorage, `${name}:unsent`)),
      // Not on pages without https; there the message's key alone makes it once.
      alone: async (run) => {
        if (navigator.locks) await navigator.locks.request(`${name}:unsent`, run);
        else await run();
      },
      online: () => navigator.onLine,
      back: () => new Promise((done) => addEventListener("online", () => done(), { once: true })),
      wait: (ms) => new Promise((done) => setTimeout(done, ms)),
      tell: (what) => this.tabs.tell(what),
      changed: () => this.draw(),
      answered: (entry) => place.emit("message", { text: entry.text, outcome: entry.outcome, id: entry.id }),
    });
    this.talk.visitor = { ...place.visitor };
    const { signal } = this.stop;
    for (const change of ["online", "offline"]) {
      addEventListener(change, () => this.drawStatus(), { signal });
    }
    addEventListener("online", () => this.problem?.code === "unreachable" && void this.configure(), { signal });
    addEventListener("storage", (event: StorageEvent) => event.key === name && this.talk.heard("changed"), { signal });
    this.small.addEventListener("change", () => this.fit(), { signal });
    visualViewport?.addEventListener("resize", () => this.fit(), { signal });
    visualViewport?.addEventListener("scroll", () => this.fit(), { signal });
    this.build();
    void this.configure();
  }

  open(): void {
    this.isOpen = true;
    this.panel.hidden = false;
    this.frame.classList.add("shown");
    this.fit();
    this.draw();
    this.follow();
    this.focus();
  }

  close(): void {
    this.isOpen = false;
    this.sheet?.close();
    this.panel.hidden = true;
    this.frame.classList.remove("shown", "full");
  }

  send(text: string): void {
    this.talk.send(text);
  }

  identify(visitor: Record<string, string | number | boolean | null>): void {
    this.talk.visitor = { ...visitor };
  }

  setLanguage(language: string): void {
    this.language = language;
    this.speak();
    this.rebuild();
  }

  destroy(): void {
    this.stop.abort();
    this.grown.disconnect();
    this.talk.end();
    this.tabs.close();
    this.panel.remove();
  }

  private async configure(): Promise<void> {
    try {
      this.config = await this.place.config();
      this.problem = null;
      this.talk.feedback = this.config.feedback;
    } catch (error) {
      // The place may be of another script, and so may be its kinds of error.
      const given = (error as { problem?: Problem }).problem;
      this.problem = given ?? { code: "unreachable", detail: "", retryAfter: 0 };
    }
    this.speak();
    this.rebuild();
    if (this.config) void this.talk.restore().then(() => this.follow());
  }

  private speak(): void {
    this.speech = speechOf([this.language, this.config?.language, ...navigator.languages], this.config?.texts);
  }

  private rebuild(): void {
    const root = this.place.root;
    const focused = root.activeElement !== null && this.panel.contains(root.activeElement);
    this.draft = this.composer.field.value;
    this.panel.remove();
    this.build();
    this.panel.hidden = !this.isOpen;
    this.draw();
    if (focused && this.isOpen) this.focus();
  }

  private build(): void {
    const { speech, config } = this;
    const name = config?.name ?? "";
    this.frame.lang = speech.language;
    this.frame.dir = speech.direction;
    this.frame.classList.toggle("rtl", speech.direction === "rtl");
    this.frame.classList.toggle("paged", this.place.page);
    this.views = [];
    this.status = h("p", { class: "status" });
    this.list = h("ol", { class: "messages" });
    this.welcome = h("div", { class: "welcome messages" });
    this.replies = h("div");
    this.live = h("div", { class: "vh", "aria-live": "polite", "aria-atomic": "false" });
    this.log = h(
      "div",
      { class: "log", tabindex: 0, role: "region", "aria-label": speech.say("log") },
      this.welcome,
      this.list,
      this.replies,
    );
    for (const moved of ["wheel", "touchmove", "keydown"]) {
      this.log.addEventListener(moved, () => requestAnimationFrame(() => this.noteScroll()), { passive: true });
    }
    // Pictures arrive, notes appear: what is followed stays in view.
    this.grown.disconnect();
    this.grown.observe(this.list);
    this.grown.observe(this.replies);
    this.ask = h("div", { class: "ask", hidden: true });
    this.composer = composerOf(speech, this.draft, (text) => this.talk.send(text));
    const clear = h(
      "button",
      { type: "button", class: "icon", "aria-label": speech.say("clear"), title: speech.say("clear") },
      icons.trash(),
    );
    clear.addEventListener("click", () => this.askToClear(clear));
    const leave = h(
      "button",
      { type: "button", class: "icon", "aria-label": speech.say("close"), title: speech.say("close") },
      icons.close(),
    );
    leave.addEventListener("click", () => this.place.closed());
    const title = h(this.place.page ? "h1" : "h2", { dir: "auto" }, name);
    const usable = this.problem === null;
    this.panel = h(
      "section",
      {
        class: "panel",
        role: this.place.page ? null : "dialog",
        "aria-label": speech.say("chat_with", { name }),
        hidden: true,
      },
      h(
        "header",
        {},
        this.face(name),
        h("div", {}, title, this.status),
        usable ? clear : null,
        this.place.page ? null : leave,
      ),
      h("div", { class: "body" }, usable ? this.log : this.broken(), this.live),
      this.ask,
      usable ? this.composer.element : null,
    );
    this.panel.addEventListener("keydown", (event) => this.key(event));
    this.frame.append(this.panel);
    this.drawStatus();
    this.drawWelcome();
    this.fit();
  }

  private face(name: string): HTMLElement {
    const letter = name.trim().slice(0, 1).toUpperCase();
    const face = h("span", { class: "face", "aria-hidden": "true" }, letter);
    if (this.config?.icon_url) {
      const image = h("img", { alt: "" });
      image.onerror = () => face.replaceChildren(letter);
      image.src = new URL(this.config.icon_url, this.place.base).href;
      face.replaceChildren(image);
    }
    return face;
  }

  /** Instead of the conversation: why there is none. */
  private broken(): HTMLElement {
    const problem = this.problem!;
    const known = problem.code !== "unreachable";
    const box = h("div", { class: "down" }, h("p", {}, known ? problemText(problem, this.speech) : this.speech.say("unavailable")));
    if (!known || problem.code === "rate_limited" || problem.code === "unavailable") {
      box.append(h("button", { type: "button", class: "button", onclick: () => void this.configure() }, this.speech.say("retry")));
    }
    return box;
  }

  private drawStatus(): void {
    this.status.textContent = this.problem ? "" : this.speech.say(navigator.onLine ? "status" : "offline");
    for (const view of this.views) if (view.entry.status === "waiting") view.update({ ...view.entry });
  }

  private drawWelcome(): void {
    if (!this.config) return;
    const greeting = this.config.greeting ?? this.speech.say("greeting");
    const view = new MessageView(
      { ...EMPTY, text: greeting }, this.config.name, this.speech, { ...this.acts, mayRate: () => false },
    );
    view.update(view.entry);
    const bubble = view.element.querySelector(".bubble");
    this.welcome.replaceChildren(...(bubble ? [bubble] : []));
  }

  private draw(): void {
    if (!this.config) return;
    const { entries } = this.talk;
    const before = this.views;
    this.views = entries.map((entry) => {
      const known = before.find((view) => view.entry === entry) ?? before.find((view) => view.entry.id === entry.id);
      return known ?? new MessageView(entry, this.config!.name, this.speech, this.acts);
    });
    this.views.forEach((view, at) => {
      view.update(entries[at]!);
      view.element.classList.toggle("last", at === this.views.length - 1);
      if (this.list.children[at] !== view.element) this.list.insertBefore(view.element, this.list.children[at] ?? null);
    });
    while (this.list.children.length > this.views.length) this.list.lastElementChild!.remove();
    this.drawReplies(entries);
    this.tellNew(entries.at(-1));
    if (this.views.length > before.length) this.following = true;
    if (this.following) this.follow();
  }

  /** Below the last message: questions to begin with, or answers to tap. */
  private drawReplies(entries: Entry[]): void {
    const last = entries.at(-1);
    const first = entries.length === 0;
    const offered = first ? this.config!.suggestions : last?.author === "bot" && !last.streaming ? last.quickReplies : [];
    const key = JSON.stringify([first, offered, this.speech.language]);
    if (this.replies.dataset["key"] === key) return;
    this.replies.dataset["key"] = key;
    this.replies.replaceChildren();
    if (offered.length === 0) return;
    const list = h("ul", { class: "replies", "aria-label": this.speech.say(first ? "suggestions" : "replies") });
    for (const text of offered.slice(0, 4)) {
      const tap = (): void => {
        this.talk.send(text);
        this.composer.field.focus();
      };
      list.append(h("li", {}, h("button", { type: "button", class: "button", dir: "auto", onclick: tap }, text)));
    }
    this.replies.append(list);
  }

  /** Read out what is new of an answer that is being given: sentence by sentence, since that is how it comes. */
  private tellNew(last: Entry | undefined): void {
    const view = this.views.at(-1);
    if (!last || !view || last.author === "contact") return;
    if (this.spokenOf !== last) {
      // What was there before the panel opened is not read out.
      this.spokenTo = last.streaming ? 0 : view.spoken.length;
      this.spokenOf = last;
    }
    const spoken = view.spoken;
    if (spoken.length > this.spokenTo) {
      this.announce(spoken.slice(this.spokenTo).trim());
      this.spokenTo = spoken.length;
    }
  }

  private announce(text: string): void {
    if (!text) return;
    this.live.append(h("p", {}, text));
    while (this.live.children.length > SPOKEN_KEPT) this.live.firstElementChild!.remove();
  }

  private noteScroll(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    this.following = scrollHeight - scrollTop - clientHeight < 80;
  }

  /** Show the newest message; of one higher than the view, its beginning. */
  private follow(): void {
    const last = this.views.at(-1)?.element;
    if (!last || !this.isOpen) return;
    const { log } = this;
    const top = last.offsetTop - log.offsetTop;
    log.scrollTop = last.offsetHeight > log.clientHeight - 60 ? top - 12 : log.scrollHeight;
  }

  private readonly acts: Acts = {
    openSource: (entry, citation, from) => this.openSource(entry, citation, from),
    retry: (entry) => {
      this.talk.retry(entry);
      this.composer.field.focus();
    },
    rate: (entry, rating, comment) => this.talk.rate(entry, rating, comment),
    mayRate: () => this.talk.feedback,
    announce: (text) => this.announce(text),
  };

  private openSource(entry: Entry, citation: Citation, from: HTMLElement): void {
    const session = this.talk.session;
    if (!session) return;
    const behind = [...this.panel.children] as HTMLElement[];
    for (const part of behind) part.inert = true;
    this.sheet = openPassage(citation, () => this.api.passage(session, entry.id, citation.number), this.speech, () => {
      for (const part of behind) part.inert = false;
      this.sheet = null;
      if (from.isConnected) from.focus();
      else this.focus();
    });
    this.panel.append(this.sheet.element);
  }

  private askToClear(from: HTMLElement): void {
    const { speech } = this;
    const leave = (): void => {
      this.ask.hidden = true;
      from.focus();
    };
    const yes = h("button", { type: "button", class: "button primary" }, speech.say("clear_yes"));
    yes.addEventListener("click", () => {
      void this.talk.clear().then(
        () => {
          this.ask.hidden = true;
          this.announce(speech.say("cleared"));
          this.composer.field.focus();
        },
        () => {
          this.ask.querySelector("p")!.textContent = speech.say("clear_failed");
          this.announce(speech.say("clear_failed"));
        },
      );
    });
    const no = h("button", { type: "button", class: "button", onclick: leave }, speech.say("cancel"));
    this.ask.replaceChildren(h("p", { id: "sw-ask" }, speech.say("clear_ask")), yes, no);
    this.ask.setAttribute("role", "group");
    this.ask.setAttribute("aria-labelledby", "sw-ask");
    this.ask.hidden = false;
    yes.focus();
    this.ask.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    };
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape" && !this.place.page) {
      event.preventDefault();
      this.place.closed();
    }
    if (this.frame.classList.contains("full")) keepInside(event, this.sheet?.element ?? this.panel);
  }

  private focus(): void {
    if (this.problem === null) this.composer.field.focus({ preventScroll: true });
    else this.panel.querySelector<HTMLElement>("button")?.focus();
  }

  /** On a phone the panel is the screen, less the keyboard. */
  private fit(): void {
    const full = this.isOpen && this.small.matches && !this.place.page;
    this.frame.classList.toggle("full", full);
    if (full) this.panel.setAttribute("aria-modal", "true");
    else this.panel.removeAttribute("aria-modal");
    const view = visualViewport;
    const keyboard = view !== null && this.isOpen && (full || this.place.page) && view.height < innerHeight - 1;
    this.panel.style.height = keyboard ? `${view.height}px` : "";
    this.panel.style.top = keyboard && full ? `${view.offsetTop}px` : "";
    this.panel.style.bottom = keyboard && full ? "auto" : "";
    if (keyboard) this.follow();
  }
}

const EMPTY: Entry = {
  id: "", author: "bot", text: "", outcome: null, citations: [], blocks: [], quickReplies: [], status: "sent",
  step: null, streaming: false, problem: null, rating: null,
};
