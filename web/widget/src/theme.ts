/** From the bot's theme to style rules. Every colour pair that carries text keeps 4.5 : 1, whatever was set. */

import type { Colours, Theme } from "./types";

const LIGHT: Required<Colours> = {
  accent: "#4453d6", on_accent: "#ffffff", background: "#ffffff", surface: "#f6f7f9", text: "#17191f",
  muted: "#5a6172", border: "#dfe2e8", bubble_bot: "#f1f3f6", bubble_visitor: "#4453d6", on_bubble_visitor: "#ffffff",
};
const DARK: Required<Colours> = {
  accent: "#9aa5ff", on_accent: "#10131f", background: "#15171d", surface: "#1c1f27", text: "#eceef3",
  muted: "#a3aabb", border: "#343946", bubble_bot: "#242833", bubble_visitor: "#9aa5ff", on_bubble_visitor: "#10131f",
};
const COLOUR = /^#[0-9a-f]{6}$/i;
const ENOUGH = 4.5;

export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The colour if it can be read there, else black or white. */
function readable(colour: string, on: string): string {
  if (contrast(colour, on) >= ENOUGH) return colour;
  return contrast("#000000", on) > contrast("#ffffff", on) ? "#000000" : "#ffffff";
}

export function coloursOf(theme: Theme, dark: boolean): Required<Colours> & { link: string } {
  const given = Object.entries({ ...(theme.accent ? { accent: theme.accent } : {}), ...theme[dark ? "dark" : "light"] });
  const own = Object.fromEntries(given.filter(([, value]) => COLOUR.test(String(value)))) as Colours;
  const base = { ...(dark ? DARK : LIGHT), ...own };
  if (own.accent) {
    base.bubble_visitor = own.bubble_visitor ?? own.accent;
    base.on_accent = own.on_accent ?? base.on_accent;
    base.on_bubble_visitor = own.on_bubble_visitor ?? base.on_accent;
  }
  base.text = readable(readable(base.text, base.background), base.bubble_bot);
  base.muted = contrast(base.muted, base.background) >= ENOUGH && contrast(base.muted, base.surface) >= ENOUGH ? base.muted : base.text;
  base.on_accent = readable(base.on_accent, base.accent);
  base.on_bubble_visitor = readable(base.on_bubble_visitor, base.bubble_visitor);
  const asText = [base.background, base.bubble_bot, base.surface].every((on) => contrast(base.accent, on) >= ENOUGH);
  return { ...base, link: asText ? base.accent : base.text };
}

function rules(colours: Record<string, string>): string {
  // The shop's page can set each of them: `:root { --shopwright-accent: … }`.
  return Object.entries(colours)
    .map(([name, value]) => {
      const plain = name.replace(/_/g, "-");
      return `--${plain}:var(--shopwright-${plain},${value});`;
    })
    .join("");
}

/** The style sheet of a theme; `mode` is `light`, `dark` or `auto`. */
export function themeSheet(theme: Theme, mode: string): string {
  const light = `color-scheme:light;${rules(coloursOf(theme, false))}`;
  const dark = `color-scheme:dark;${rules(coloursOf(theme, true))}`;
  const radius = Number.isInteger(theme.radius) ? Math.min(24, Math.max(0, theme.radius!)) : 16;
  const shape = `.sw{--radius:var(--shopwright-radius,${radius}px)}`;
  if (mode === "dark") return `${shape}.sw{${dark}}`;
  if (mode === "light") return `${shape}.sw{${light}}`;
  return `${shape}.sw{${light}}@media (prefers-color-scheme:dark){.sw{${dark}}}`;
}
