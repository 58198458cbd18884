import { describe, expect, test } from "vitest";
import { EventParser, eventsOf } from "../src/sse";

const STREAM = 'event: step\r\ndata: {"name":"finding"}\r\n\r\n: alive\n\nevent: token\ndata: {"text":"Grüße 🙂"}\ndata: two\n\ndata:last\n\n';
const EVENTS = [
  { name: "step", data: '{"name":"finding"}' },
  { name: "token", data: '{"text":"Grüße 🙂"}\ntwo' },
  { name: "message", data: "last" },
];

describe("reading server-sent events", () => {
  test.each([1, 2, 3, 7, 1000])("gives the same events for pieces of %i characters", (size) => {
    const parser = new EventParser();
    const events = [];
    for (let at = 0; at < STREAM.length; at += size) events.push(...parser.feed(STREAM.slice(at, at + size)));
    expect(events).toEqual(EVENTS);
  });

  test("reads bytes cut in the middle of a character", async () => {
    const bytes = new TextEncoder().encode(STREAM);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const events = [];
    for await (const event of eventsOf(body)) events.push(event);
    expect(events).toEqual(EVENTS);
  });

  test("gives no event that was not ended", () => {
    expect(new EventParser().feed("event: done\ndata: {}\n")).toEqual([]);
  });

  test("refuses an event without end", () => {
    const parser = new EventParser();
    expect(() => {
      for (let i = 0; i < 100; i += 1) parser.feed(`data: ${"x".repeat(100_000)}\n`);
    }).toThrow("too large");
  });
});
