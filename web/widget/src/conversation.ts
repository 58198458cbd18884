/**
 * The conversation without its looks: what was said, what waits to be sent, and how it is sent exactly once.
 *
 * A message has a key of its own from the start. Whatever breaks, it is sent again with the same key, and the server
 * answers with the one answer it has.
 */

import { Cut, Refused, type AnswerEvent, type Question } from "./api";
import { newHandle, type Store } from "./session";
import type { Answer, Block, Citation, Problem, Rating, TranscriptMessage, Visitor } from "./types";
import type { Unsent } from "./unsent";

export const MAX_MESSAGE = 8_000;
const TRIES = 5;
const STILL_ANSWERING_TRIES = 20;
const MISSED_ANSWER_TRIES = 15;
const AGAIN_MS = 2_000;

export type Status = "waiting" | "sending" | "failed" | "sent";

export interface Entry {
  id: string;
  author: TranscriptMessage["author"];
  text: string;
  outcome: string | null;
  citations: Citation[];
  blocks: Block[];
  quickReplies: string[];
  status: Status;
  /** Of an answer that is being given: what is being done, until there is text. */
  step: { name: string; title: string | null } | null;
  streaming: boolean;
  problem: Problem | null;
  rating: Rating;
  /** It is in the browser's storage until it is answered. */
  kept?: boolean;
}

export interface Asks {
  ask(question: Question, signal: AbortSignal): AsyncGenerator<AnswerEvent>;
  transcript(session: string): Promise<{ messages: TranscriptMessage[] }>;
  clear(session: string): Promise<void>;
  rate(session: string, message: string, rating: Rating, comment?: string): Promise<void>;
}

export interface World {
  api: Asks;
  store: Store;
  unsent: Unsent;
  /** Runs something while no other tab does, where the browser can do that. */
  alone(run: () => Promise<void>): Promise<void>;
  online(): boolean;
  /** Ends when the connection is back. */
  back(): Promise<void>;
  wait(ms: number): Promise<void>;
  tell(what: string): void;
  changed(): void;
  /** An answer is whole. */
  answered(entry: Entry): void;
}

export class Conversation {
  entries: Entry[] = [];
  visitor: Visitor = {};
  /** False when the server has no feedback. */
  feedback = true;
  private busy = false;
  private stale = false;
  private ended = false;
  private stop = new AbortController();

  constructor(private readonly world: World) {}

  get session(): string | null {
    return this.world.store.get();
  }

  get waiting(): boolean {
    return this.busy;
  }

  /** Say something. Returns false when there is nothing to say, or too much. */
  send(text: string): boolean {
    const said = text.trim();
    if (saysNothing(said) || said.length > MAX_MESSAGE || this.ended) return false;
    this.entries.push({ ...blank(), id: crypto.randomUUID?.() ?? newHandle(), author: "contact", text: said });
    if (!this.world.online()) this.keepWaiting();
    this.world.changed();
    void this.pump();
    return true;
  }

  retry(entry: Entry): void {
    if (entry.status !== "failed") return;
    entry.status = "waiting";
    entry.problem = null;
    this.world.changed();
    void this.pump();
  }

  /** Read again what was said, such as after a reload or in another tab. */
  async restore(): Promise<void> {
    if (this.busy) {
      this.stale = true;
      return;
    }
    const read = await this.read();
    if (this.revive() || !read) return;
    for (let tries = 0; tries < MISSED_ANSWER_TRIES && this.lacksAnswer(); tries += 1) {
      // The page was left while the answer was written: it comes without being asked for again.
      await this.world.wait(AGAIN_MS);
      if (this.busy || this.ended) return;
      await this.read();
    }
  }

  async clear(): Promise<void> {
    const session = this.session;
    this.stop.abort();
    this.stop = new AbortController();
    if (session) {
      try {
        await this.world.api.clear(session);
      } catch (error) {
        // Nothing was said yet, or the bot is gone: then there is nothing to forget.
        if (!(error instanceof Refused && error.status === 404)) throw error;
      }
    }
    this.world.unsent.clear();
    this.forget();
    this.world.tell("cleared");
  }

  /** What another tab did. */
  heard(what: string): void {
    if (what === "cleared") this.forget();
    else void this.restore();
  }

  async rate(entry: Entry, rating: Rating, comment?: string): Promise<boolean> {
    const session = this.session;
    if (!session) return false;
    const before = entry.rating;
    entry.rating = rating;
    this.world.changed();
    try {
      await this.world.api.rate(session, entry.id, rating, comment);
      return true;
    } catch (error) {
      entry.rating = before;
      if (error instanceof Refused && (error.status === 404 || error.status === 405)) this.feedback = false;
      this.world.changed();
      return false;
    }
  }

  end(): void {
    this.ended = true;
    this.stop.abort();
  }

  private forget(): void {
    this.entries = [];
    this.world.changed();
  }

  private async read(): Promise<boolean> {
    const session = this.session;
    if (!session) return false;
    let messages: TranscriptMessage[];
    try {
      ({ messages } = await this.world.api.transcript(session));
    } catch {
      return false; // unknown yet, or no connection: what is shown stays
    }
    if (this.busy || this.ended) {
      this.stale = true;
      return false;
    }
    // What another tab has sent meanwhile is among the messages.
    this.entries = merge(messages, this.entries.filter((entry) => !entry.kept || this.world.unsent.has(entry.id)));
    this.world.changed();
    return true;
  }

  /** Take up what was kept before a reload; true when there is something. */
  private revive(): boolean {
    const { session } = this;
    if (!session || this.ended) return false;
    const shown = new Set(this.entries.map((entry) => entry.id));
    const lost = this.world.unsent.of(session).filter(({ id }) => !shown.has(id));
    if (lost.length === 0) return false;
    for (const { id, text } of lost) this.entries.push({ ...blank(), id, text, kept: true });
    // It may have been sent just before the page was left: what the server has is read when these are through.
    this.stale = true;
    this.world.changed();
    void this.pump();
    return true;
  }

  private keepWaiting(): void {
    const session = this.handle();
    for (const entry of this.entries) {
      if (entry.status === "waiting") entry.kept ||= this.world.unsent.keep(entry.id, entry.text, session);
    }
  }

  private lacksAnswer(): boolean {
    const last = this.entries.at(-1);
    return last?.author === "contact" && last.status === "sent";
  }

  private async pump(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (;;) {
        const next = this.entries.find((entry) => entry.status === "waiting");
        if (!next || this.ended) break;
        if (!this.world.online()) {
          this.keepWaiting();
          this.world.changed();
          await this.world.back();
        } else if (next.kept) await this.world.alone(() => this.deliverKept(next));
        else await this.deliver(next);
      }
    } finally {
      this.busy = false;
      this.world.changed();
    }
    if (this.stale && !this.ended) {
      this.stale = false;
      void this.restore();
    }
  }

  private async deliverKept(entry: Entry): Promise<void> {
    if (this.world.unsent.has(entry.id)) return this.deliver(entry);
    // Another tab was faster, or cleared the conversation.
    this.drop(entry);
    this.stale = true;
    this.world.changed();
  }

  private async deliver(entry: Entry): Promise<void> {
    const { signal } = this.stop;
    const reply: Entry = { ...blank(), id: `answer-${entry.id}`, author: "bot", status: "sent", streaming: true };
    let cuts = 0;
    let asked = 0;
    for (;;) {
      if (!this.world.online()) {
        entry.status = "waiting";
        this.drop(reply);
        return;
      }
      if (signal.aborted || !this.entries.includes(entry)) return;
      entry.status = "sending";
      this.place(reply, entry);
      this.world.changed();
      let problem: Problem;
      let again: number;
      try {
        const outcome = await this.listen(entry, reply, signal);
        if (outcome === null) return;
        problem = outcome;
        again = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refused) {
          problem = error.problem;
          const busy = problem.code === "still_answering" && (asked += 1) <= STILL_ANSWERING_TRIES;
          const broken = error.status >= 500 && (cuts += 1) <= 2;
          again = busy || broken ? (problem.retryAfter || cuts || 1) * 1000 : 0;
        } else {
          problem = { code: "network", detail: "", retryAfter: 0 };
          cuts += 1;
          again = error instanceof Cut && cuts < TRIES ? 500 * 2 ** cuts : 0;
        }
      }
      if (again === 0) {
        this.fail(entry, reply, problem);
        return;
      }
      await Promise.race([this.world.wait(again), ...(this.world.online() ? [] : [this.world.back()])]);
    }
  }

  /** Follow one try; returns null when the answer is whole, else what went wrong. */
  private async listen(entry: Entry, reply: Entry, signal: AbortSignal): Promise<Problem | null> {
    const question = { text: entry.text, session: this.handle(), key: entry.id, visitor: this.visitor };
    let text = "";
    for await (const event of this.world.api.ask(question, signal)) {
      if (signal.aborted) return null;
      if (event.type === "error") return event.problem;
      if (event.type === "done") {
        this.finish(entry, reply, event.answer);
        return null;
      }
      if (event.type === "step") reply.step = { name: event.name, title: event.title };
      if (event.type === "citations") reply.citations = event.citations;
      if (event.type === "token") {
        text += event.text;
        // A second try begins anew; what is shown already is not taken away.
        if (text.length > reply.text.length) reply.text = text;
      }
      this.world.changed();
    }
    throw new Cut();
  }

  private finish(entry: Entry, reply: Entry, answer: Answer): void {
    entry.status = "sent";
    this.world.unsent.drop(entry.id);
    Object.assign(reply, {
      id: answer.message_id,
      text: answer.answer,
      outcome: answer.outcome,
      citations: answer.citations,
      blocks: answer.blocks ?? [],
      quickReplies: answer.quick_replies ?? [],
      streaming: false,
      step: null,
    });
    this.world.changed();
    this.world.answered(reply);
    this.world.tell("changed");
  }

  private fail(entry: Entry, reply: Entry, problem: Problem): void {
    entry.status = "failed";
    entry.problem = problem;
    reply.streaming = false;
    // What can be sent later stays kept; what the server does not want is not tried after a reload.
    if (problem.code !== "network" && problem.retryAfter === 0) {
      this.world.unsent.drop(entry.id);
      entry.kept = false;
    }
    this.drop(reply);
    this.world.changed();
  }

  /** The session's handle; made with the first message, so that a cut first answer is found again. */
  private handle(): string {
    const known = this.session;
    if (known) return known;
    const made = newHandle();
    this.world.store.set(made);
    return made;
  }

  private place(reply: Entry, after: Entry): void {
    if (!this.entries.includes(reply)) this.entries.splice(this.entries.indexOf(after) + 1, 0, reply);
    reply.streaming = true;
  }

  private drop(reply: Entry): void {
    this.entries = this.entries.filter((entry) => entry !== reply);
  }
}

/** What the server has, followed by what it has not got yet. */
function merge(messages: TranscriptMessage[], shown: Entry[]): Entry[] {
  const unsent = shown.filter((entry) => entry.author === "contact" && entry.status !== "sent");
  const last = messages.at(-1);
  // It was stored but not answered, and is about to be sent again: shown once.
  const doubled = last?.author === "contact" && unsent.some((entry) => entry.text === last.text);
  const rated = new Map(shown.map((entry) => [entry.id, entry.rating]));
  const told = (doubled ? messages.slice(0, -1) : messages).map((message): Entry => ({
    ...blank(),
    id: message.id,
    author: message.author,
    text: message.text,
    outcome: message.outcome,
    citations: message.citations,
    blocks: message.blocks ?? [],
    quickReplies: message.quick_replies ?? [],
    status: "sent",
    rating: message.rating ?? rated.get(message.id) ?? null,
  }));
  return [...told, ...unsent];
}

function blank(): Entry {
  return {
    id: "",
    author: "contact",
    text: "",
    outcome: null,
    citations: [],
    blocks: [],
    quickReplies: [],
    status: "waiting",
    step: null,
    streaming: false,
    problem: null,
    rating: null,
  };
}

/** Nothing to see: white space, and signs that have no shape of their own. */
export function saysNothing(text: string): boolean {
  return /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u.test(text);
}
