import { describe, expect, test } from "vitest";
import { newHandle, storeOf } from "../src/session";
import { priceOf } from "../src/panel/cards";
import { CATALOGUES, speechOf } from "../src/texts";
import { coloursOf, contrast, themeSheet } from "../src/theme";

describe("colours", () => {
  const accents = ["#ffd400", "#000000", "#ffffff", "#ff0000", "#00ff88", "#7f7f7f", "#4453d6"];
  test.each(accents.flatMap((accent) => [[accent, false], [accent, true]] as const))("of %s, dark %s, can be read", (accent, dark) => {
    for (const theme of [{ accent }, { light: { accent, text: accent, on_accent: accent }, dark: { accent, muted: accent } }]) {
      const is = coloursOf(theme, dark);
      for (const [text, on] of [
        [is.on_accent, is.accent], [is.text, is.background], [is.text, is.bubble_bot], [is.muted, is.background],
        [is.on_bubble_visitor, is.bubble_visitor], [is.link, is.background], [is.link, is.bubble_bot],
      ] as const) {
        expect(contrast(text, on)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  test("that are none never reach the style sheet", () => {
    const theme = { accent: "red;} *{display:none", light: { text: "url(https://evil.example)" }, radius: 999 };
    const sheet = themeSheet(theme, "auto");
    expect(sheet).not.toMatch(/display:none|evil|999/);
    expect(sheet).toContain("prefers-color-scheme:dark");
    expect(themeSheet({}, "light")).not.toContain("prefers-color-scheme");
  });
});

describe("texts", () => {
  test("every language has every text and its values", () => {
    const values = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
    for (const texts of Object.values(CATALOGUES)) {
      expect(Object.keys(texts)).toEqual(Object.keys(CATALOGUES["en"]!));
      for (const [name, text] of Object.entries(texts)) {
        expect(text.trim(), name).not.toBe("");
        expect(values(text), name).toEqual(values(CATALOGUES["en"]![name as keyof typeof texts]));
      }
    }
  });

  test("the first language that there is, is spoken", () => {
    expect(speechOf([null, "fr-FR", "de-AT", "en"]).language).toBe("de");
    expect(speechOf(["xx"]).say("count", { count: 1, max: 2 })).toBe("1 of 2 characters");
    expect(speechOf(["de"], { send: "Los" }).say("send")).toBe("Los");
    expect(speechOf(["ar"], { send: "إرسال" })).toMatchObject({ language: "ar", direction: "rtl" });
  });
});

describe("prices", () => {
  test.each([
    ["89.95", "EUR", "en", "€89.95"],
    ["49,00", "EUR", "en", "€49.00"],
    ["1.299,00", "EUR", "en", "1.299,00 EUR"],
    ["€249", null, "en", "€249"],
    ["12", "£", "en", "12 £"],
    ["from 12", "EUR", "en", "from 12 EUR"],
  ])("%s %s", (price, currency, language, shown) => {
    expect(priceOf(price, currency, language)).toBe(shown);
  });
});

describe("the session's handle", () => {
  test("cannot be guessed and fits the server", () => {
    const handles = new Set(Array.from({ length: 500 }, newHandle));
    expect(handles.size).toBe(500);
    for (const handle of handles) expect(handle).toMatch(/^[A-Za-z0-9_-]{24}$/);
  });

  test("is kept where nothing can be stored", () => {
    const store = storeOf(() => {
      throw new Error("blocked");
    }, "x");
    expect(store.get()).toBeNull();
    store.set("a");
    expect(store.get()).toBe("a");
  });
});
