import { beforeEach, describe, expect, test } from "vitest";
import { Cut, Refused, type AnswerEvent, type Question } from "../src/api";
import { Conversation, MAX_MESSAGE, type World } from "../src/conversation";
import type { Answer, TranscriptMessage } from "../src/types";
import { KEPT_MS, MOST_KEPT, Unsent } from "../src/unsent";

type Try = (AnswerEvent | Error)[];

/** A server that answers each question with what a test laid out, and remembers what it was asked. */
class Peer {
  tries: Try[] = [];
  questions: Question[] = [];
  messages: TranscriptMessage[] = [];
  cleared = 0;
  isOnline = true;
  waits: number[] = [];
  told: string[] = [];
  kept: string | null = null;
  /** What stands in the browser's storage, and what the clock shows. */
  stored = "";
  now = 1_000_000;
  private locked: Promise<void> = Promise.resolve();
  private backs: (() => void)[] = [];

  readonly world: World = {
    api: {
      ask: (question) => this.ask(question),
      transcript: async () => ({ messages: this.messages }),
      clear: async () => void (this.cleared += 1),
      rate: async () => {
        throw new Refused(404, { code: "no_such_path", detail: "", retryAfter: 0 });
      },
    },
    store: { get: () => this.kept, set: (value) => void (this.kept = value) },
    unsent: new Unsent({ get: () => this.stored, set: (value) => void (this.stored = value) }, () => this.now),
    alone: (run) => (this.locked = this.locked.then(run)),
    online: () => this.isOnline,
    back: () => new Promise((done) => this.backs.push(done)),
    wait: async (ms) => void this.waits.push(ms),
    tell: (what) => void this.told.push(what),
    changed: () => undefined,
    answered: () => undefined,
  };

  goOnline(): void {
    this.isOnline = true;
    this.backs.splice(0).forEach((done) => done());
  }

  private async *ask(question: Question): AsyncGenerator<AnswerEvent> {
    this.questions.push(question);
    for (const event of this.tries.shift() ?? [done("ok")]) {
      if (event instanceof Error) throw event;
      yield event;
    }
  }
}

const done = (answer: string): AnswerEvent => ({
  type: "done",
  answer: { session_id: "s", message_id: `id-${answer}`, answer, outcome: "answered", citations: [] } satisfies Answer,
});
const token = (text: string): AnswerEvent => ({ type: "token", text });
const refused = (status: number, code: string, retryAfter = 0): Refused => new Refused(status, { code, detail: "", retryAfter });
const settled = async (): Promise<void> => {
  for (let i = 0; i < 200; i += 1) await Promise.resolve();
};

let peer: Peer;
let talk: Conversation;
const texts = (): string[] => talk.entries.map((entry) => `${entry.author}: ${entry.text}`);

beforeEach(() => {
  peer = new Peer();
  talk = new Conversation(peer.world);
});

describe("sending", () => {
  test("a message gets its answer, and other tabs hear of it", async () => {
    peer.tries = [[token("Thirty "), token("days."), done("Thirty days.")]];
    expect(talk.send("  How long? ")).toBe(true);
    await settled();
    expect(texts()).toEqual(["contact: How long?", "bot: Thirty days."]);
    expect(peer.told).toEqual(["changed"]);
    expect(peer.kept).toHaveLength(24);
    expect(peer.questions[0]!.session).toBe(peer.kept);
  });

  test.each(["", "  ", "\u200b\u2060", "\u3164", "x".repeat(MAX_MESSAGE + 1)])("%j is not sent", (text) => {
    expect(talk.send(text)).toBe(false);
    expect(talk.entries).toEqual([]);
  });

  test("messages go one after the other, in their order", async () => {
    talk.send("one");
    talk.send("two");
    talk.send("three");
    await settled();
    expect(peer.questions.map((question) => question.text)).toEqual(["one", "two", "three"]);
    expect(texts().filter((text) => text.startsWith("contact"))).toEqual(["contact: one", "contact: two", "contact: three"]);
  });

  test("a cut stream is asked for again with the same key and shown once", async () => {
    peer.tries = [[token("Thirty days. "), new Cut()], [token("Thirty days. Free."), done("Thirty days. Free.")]];
    talk.send("How long?");
    await settled();
    expect(new Set(peer.questions.map((question) => question.key)).size).toBe(1);
    expect(new Set(peer.questions.map((question) => question.session)).size).toBe(1);
    expect(peer.questions).toHaveLength(2);
    expect(texts()).toEqual(["contact: How long?", "bot: Thirty days. Free."]);
  });

  test("an answer still being written elsewhere is waited for as long as the server says", async () => {
    peer.tries = [[refused(409, "still_answering", 2)], [refused(409, "still_answering", 2)], [done("ok")]];
    talk.send("How long?");
    await settled();
    expect(peer.waits).toEqual([2000, 2000]);
    expect(texts()).toEqual(["contact: How long?", "bot: ok"]);
  });

  test("a lost connection is not tried for ever, and what was typed can be sent again", async () => {
    peer.tries = Array.from({ length: 9 }, () => [new Cut()]);
    talk.send("How long?");
    await settled();
    expect(peer.questions).toHaveLength(5);
    const [entry] = talk.entries;
    expect([entry!.status, entry!.problem!.code, talk.entries.length]).toEqual(["failed", "network", 1]);
    peer.tries = [[done("ok")]];
    talk.retry(entry!);
    await settled();
    expect(texts()).toEqual(["contact: How long?", "bot: ok"]);
    expect(new Set(peer.questions.map((question) => question.key)).size).toBe(1);
  });

  test("what the server refuses is not tried again by itself", async () => {
    peer.tries = [[refused(429, "rate_limited", 7)]];
    talk.send("How long?");
    await settled();
    expect(peer.questions).toHaveLength(1);
    expect(talk.entries[0]!.problem).toMatchObject({ code: "rate_limited", retryAfter: 7 });
  });

  test("an error inside the stream leaves the question with its problem", async () => {
    peer.tries = [[token("Half"), { type: "error", problem: { code: "internal_error", detail: "", retryAfter: 0 } }]];
    talk.send("How long?");
    await settled();
    expect(texts()).toEqual(["contact: How long?"]);
    expect(talk.entries[0]!.status).toBe("failed");
  });

  test("without a connection messages wait, and are sent once when it is back", async () => {
    peer.isOnline = false;
    talk.send("one");
    talk.send("two");
    await settled();
    expect(peer.questions).toEqual([]);
    expect(talk.entries.map((entry) => entry.status)).toEqual(["waiting", "waiting"]);
    peer.goOnline();
    await settled();
    expect(peer.questions.map((question) => question.text)).toEqual(["one", "two"]);
    expect(talk.entries.filter((entry) => entry.author === "bot")).toHaveLength(2);
  });
});

describe("coming back", () => {
  const message = (author: "contact" | "bot", text: string): TranscriptMessage => ({
    id: `${author}-${text}`, author, text, outcome: author === "bot" ? "answered" : null, citations: [], at: "",
  });

  test("shows what was said, and what was not sent yet behind it", async () => {
    peer.kept = "a-session";
    peer.tries = [[refused(429, "rate_limited", 1)]];
    talk.send("later");
    await settled();
    peer.messages = [message("contact", "one"), message("bot", "two")];
    await talk.restore();
    expect(texts()).toEqual(["contact: one", "bot: two", "contact: later"]);
  });

  test("a message that was stored but not answered is shown once", async () => {
    peer.kept = "a-session";
    peer.tries = [[{ type: "error", problem: { code: "internal_error", detail: "", retryAfter: 0 } }]];
    talk.send("one");
    await settled();
    peer.messages = [message("contact", "one")];
    await talk.restore();
    expect(texts()).toEqual(["contact: one"]);
    expect(talk.entries[0]!.status).toBe("failed");
  });

  test("an answer that was missing comes by itself, and is not waited for without end", async () => {
    peer.kept = "a-session";
    peer.messages = [message("contact", "one")];
    await talk.restore();
    expect(peer.waits.length).toBe(15);
    peer.world.wait = async () => void (peer.messages = [message("contact", "one"), message("bot", "two")]);
    await talk.restore();
    expect(texts()).toEqual(["contact: one", "bot: two"]);
    expect(peer.questions).toEqual([]);
  });

  test("clearing forgets here, on the server and in other tabs", async () => {
    talk.send("one");
    await settled();
    await talk.clear();
    expect([talk.entries.length, peer.cleared, peer.told]).toEqual([0, 1, ["changed", "cleared"]]);
    talk.send("two");
    await settled();
    talk.heard("cleared");
    expect(talk.entries).toEqual([]);
  });

  test("a server without feedback is not asked again", async () => {
    talk.send("one");
    await settled();
    expect(await talk.rate(talk.entries[1]!, "up")).toBe(false);
    expect([talk.feedback, talk.entries[1]!.rating]).toEqual([false, null]);
  });
});

describe("written without a connection, and the page loaded again", () => {
  const sent = (): string[] => peer.questions.map((question) => question.text);

  beforeEach(async () => {
    peer.isOnline = false;
    talk.send("one");
    talk.send("two");
    await settled();
  });

  /** Another tab, or this one after a reload: what was in memory is gone, what was stored is there. */
  const another = async (): Promise<Conversation> => {
    const made = new Conversation({ ...peer.world });
    await made.restore();
    return made;
  };

  test("messages wait as before, and are sent in their order with their keys and their session", async () => {
    const keys = talk.entries.map((entry) => entry.id);
    talk.end();
    const later = await another();
    expect(later.entries.map((entry) => [entry.id, entry.text, entry.status])).toEqual([
      [keys[0], "one", "waiting"], [keys[1], "two", "waiting"],
    ]);
    peer.goOnline();
    await settled();
    expect(peer.questions.map(({ text, key, session }) => [text, key, session])).toEqual([
      ["one", keys[0], peer.kept], ["two", keys[1], peer.kept],
    ]);
    expect(peer.stored).toBe("");
  });

  test("two tabs with the same messages send each once", async () => {
    const other = await another();
    peer.goOnline();
    await settled();
    expect(sent()).toEqual(["one", "two"]);
    expect([...talk.entries, ...other.entries].filter((entry) => entry.status !== "sent")).toEqual([]);
  });

  test("clearing the conversation drops them here and elsewhere", async () => {
    const other = await another();
    await talk.clear();
    other.heard("cleared");
    expect(peer.stored).toBe("");
    peer.goOnline();
    await settled();
    expect(sent()).toEqual([]);
    expect((await another()).entries).toEqual([]);
  });

  test("what is a day old is not sent out of the blue", async () => {
    talk.end();
    peer.now += KEPT_MS;
    expect((await another()).entries).toEqual([]);
    expect(peer.stored).toBe("");
  });

  test("only so many are kept; what is more is sent by this page alone", async () => {
    for (let n = 3; n <= MOST_KEPT + 2; n += 1) talk.send(`message ${n}`);
    expect(JSON.parse(peer.stored)).toHaveLength(MOST_KEPT);
    peer.goOnline();
    await settled();
    await settled();
    expect(sent()).toHaveLength(MOST_KEPT + 2);
  });

  test("what the server does not want is not tried after a reload, what it wants later is", async () => {
    peer.tries = [[refused(422, "too_long")], [refused(429, "rate_limited", 7)]];
    peer.goOnline();
    await settled();
    expect((JSON.parse(peer.stored) as { text: string }[]).map(({ text }) => text)).toEqual(["two"]);
    talk.retry(talk.entries[1]!);
    await settled();
    expect(peer.stored).toBe("");
  });

  test("one that had arrived just before is shown once in the end", async () => {
    talk.end();
    peer.messages = ["one", "ok", "two", "ok"].map((text, at) => ({
      id: `m${at}`, author: at % 2 ? "bot" : "contact", text, outcome: null, citations: [], at: "",
    }));
    peer.isOnline = true;
    const later = await another();
    await settled();
    expect(later.entries.map((entry) => entry.text)).toEqual(["one", "ok", "two", "ok"]);
  });

  test.each(["{", "7", '[{"id":1}, null, "x"]'])("%s in the storage hurts nobody", async (foreign) => {
    talk.end();
    peer.stored = foreign;
    expect((await another()).entries).toEqual([]);
  });
});
