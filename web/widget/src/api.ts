/** The chat API as the widget uses it. Never sends cookies. */

import { eventsOf } from "./sse";
import type { Answer, Citation, Config, Passage, Problem, Rating, TranscriptMessage, Visitor } from "./types";

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail);
  }
}

/** The connection broke, or was never made. */
export class Cut extends Error {}

export type AnswerEvent =
  | { type: "step"; name: string; title: string | null }
  | { type: "token"; text: string }
  | { type: "citations"; citations: Citation[] }
  | { type: "done"; answer: Answer }
  | { type: "error"; problem: Problem };

export interface Question {
  text: string;
  session: string;
  key: string;
  visitor: Visitor;
}

const PATIENCE_MS = 20_000;

export class Api {
  constructor(
    private readonly base: string,
    readonly bot: string,
    private readonly key: string | null,
  ) {}

  config(): Promise<Config> {
    return this.json<Config>(`/v1/widget/config?bot=${this.bot}`);
  }

  async transcript(session: string): Promise<{ status: string; messages: TranscriptMessage[] }> {
    return this.json(`/v1/chat/sessions/${encodeURIComponent(session)}?bot_id=${this.bot}`);
  }

  passage(session: string, message: string, number: number): Promise<Passage> {
    const path = `/v1/chat/sessions/${encodeURIComponent(session)}/messages/${message}/citations/${number}`;
    return this.json(`${path}?bot_id=${this.bot}`);
  }

  async clear(session: string): Promise<void> {
    await this.json(`/api/bots/${this.bot}/clear_conversation`, { session_id: session });
  }

  async rate(session: string, message: string, rating: Rating, comment?: string): Promise<void> {
    const body = { session_id: session, message_id: message, rating, ...(comment ? { comment } : {}) };
    await this.json("/v1/chat/feedback", body);
  }

  /**
   * Ask, and give what comes.
   *
   * @throws Refused the server said no; Cut the connection broke before the answer was whole.
   */
  async *ask(question: Question, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const body = {
      bot_id: this.bot,
      messages: [{ role: "user", content: question.text }],
      session_id: question.session,
      metadata: question.visitor,
      stream: true,
    };
    const response = await this.call("/v1/chat/public", body, signal, { "idempotency-key": question.key });
    if (!response.body) throw new Cut();
    try {
      for await (const event of eventsOf(response.body)) {
        const data = JSON.parse(event.data) as Record<string, unknown>;
        if (event.name === "token") yield { type: "token", text: String(data["text"]) };
        else if (event.name === "step") {
          yield { type: "step", name: String(data["name"]), title: (data["title"] as string | null) ?? null };
        } else if (event.name === "citations") yield { type: "citations", citations: data["citations"] as Citation[] };
        else if (event.name === "error") yield { type: "error", problem: problemOf(data, 0) };
        else if (event.name === "done") {
          yield { type: "done", answer: data as unknown as Answer };
          return;
        }
      }
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw new Cut();
    }
    throw new Cut();
  }

  private async json<T>(path: string, body?: unknown): Promise<T> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const response = await this.call(path, body, stop.signal);
      return (await response.json()) as T;
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw new Cut();
    } finally {
      clearTimeout(timer);
    }
  }

  private async call(
    path: string,
    body: unknown,
    signal: AbortSignal,
    extra: Record<string, string> = {},
  ): Promise<Response> {
    const headers: Record<string, string> = { ...extra };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (this.key) headers["authorization"] = `Bearer ${this.key}`;
    let response: Response;
    try {
      response = await fetch(this.base + path, {
        method: body === undefined ? "GET" : "POST",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers,
        signal,
        credentials: "omit",
        referrerPolicy: "strict-origin-when-cross-origin",
      });
    } catch {
      throw new Cut();
    }
    if (response.ok) return response;
    const given = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    throw new Refused(response.status, problemOf(given, Number(response.headers.get("retry-after")) || 0));
  }
}

function problemOf(data: Record<string, unknown>, retryAfter: number): Problem {
  return { code: String(data["code"] ?? "http_error"), detail: String(data["detail"] ?? ""), retryAfter };
}
