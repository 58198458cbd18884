import { createElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ShopwrightApi } from "../npm/src/api";
import { load } from "../npm/src/index";
import { Shopwright } from "../npm/src/react";

const PAGE = { server: "https://bots.example/", bot: "a-bot" };
type Slot = { Shopwright?: ShopwrightApi | undefined; IS_REACT_ACT_ENVIRONMENT?: boolean };
const slot = window as unknown as Slot;
let made: { calls: string[]; api: ShopwrightApi }[] = [];

/** What the server's script does when it arrives. */
function arrive(): void {
  const calls: string[] = [];
  const note = (name: string) => (...values: unknown[]): void => void calls.push([name, ...values.map((v) => JSON.stringify(v))].join(" "));
  const api = Object.fromEntries(
    ["open", "close", "toggle", "send", "on", "off", "identify", "setLanguage", "push"].map((name) => [name, note(name)]),
  ) as unknown as ShopwrightApi;
  api.destroy = () => {
    calls.push("destroy");
    slot.Shopwright = undefined;
  };
  slot.Shopwright = api;
  made.push({ calls, api });
}

const scripts = (): HTMLScriptElement[] => [...document.head.querySelectorAll("script")];

beforeEach(() => {
  made = [];
  slot.Shopwright = undefined;
  vi.spyOn(document.head, "append").mockImplementation((...nodes) => {
    for (const node of nodes as HTMLScriptElement[]) {
      node.type = "text/plain"; // not run here
      document.head.appendChild(node);
    }
  });
});
afterEach(() => {
  scripts().forEach((script) => script.remove());
  vi.restoreAllMocks();
});

test("the script is loaded once, with what was set", async () => {
  const one = load({ ...PAGE, key: "pk_live_x", position: "left" });
  const two = load(PAGE);
  expect(scripts().map((script) => [script.src, { ...script.dataset }])).toEqual([
    ["https://bots.example/widget.js", { bot: "a-bot", key: "pk_live_x", position: "left" }],
  ]);
  arrive();
  scripts()[0]!.onload!(new Event("load"));
  expect(await one).toBe(made[0]!.api);
  expect(await two).toBe(made[0]!.api);
  expect(await load(PAGE)).toBe(made[0]!.api);
});

test("a script that does not come is an error, and can be tried again", async () => {
  const one = load(PAGE);
  (scripts()[0]!.onerror as () => void)();
  await expect(one).rejects.toThrow("could not be loaded from https://bots.example/widget.js");
  const again = load(PAGE);
  expect(scripts()).toHaveLength(2);
  arrive();
  scripts()[1]!.onload!(new Event("load"));
  expect(await again).toBe(made[0]!.api);
});

test("the React component stays through strict mode and leaves with its page", async () => {
  const root = createRoot(document.createElement("div"));
  const ready = vi.fn();
  root.render(
    createElement(StrictMode, null, createElement(Shopwright, { ...PAGE, visitor: { customer: "C-17" }, onReady: ready })),
  );
  await vi.waitFor(() => expect(scripts()).toHaveLength(1));
  arrive();
  scripts()[0]!.onload!(new Event("load"));
  await vi.waitFor(() => expect(ready).toHaveBeenCalledTimes(1));
  expect(made[0]!.calls).toContain('identify {"customer":"C-17"}');
  expect(made[0]!.calls).not.toContain("destroy");
  root.unmount();
  await vi.waitFor(() => expect(made[0]!.calls).toContain("destroy"));
});
