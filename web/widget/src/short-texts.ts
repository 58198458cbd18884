/** The two texts the button needs; all others come with the panel. */

const SHORT: Record<string, { open: string; close: string }> = {
  en: { open: "Open chat", close: "Close chat" },
  de: { open: "Chat öffnen", close: "Chat schließen" },
};

export interface Speech {
  say(name: "open" | "close"): string;
}

export function speechOf(wanted: readonly (string | null | undefined)[], own: Record<string, string> = {}): Speech {
  const code = wanted.map((wish) => wish?.toLowerCase().split("-")[0] ?? "").find((wish) => wish in SHORT) ?? "en";
  return { say: (name) => own[name] ?? SHORT[code]![name] };
}
