/** The shapes of the chat API, and of what the widget makes of them. */

import type { EventName, Visitor } from "../npm/src/api";

export type { EventName, Listener, ShopwrightApi, Visitor } from "../npm/src/api";

export interface Citation {
  number: number;
  title: string;
  url: string | null;
  quote: string;
}

export interface Product {
  title: string;
  price: string;
  was_price: string | null;
  currency: string | null;
  image_url: string | null;
  url: string | null;
  citation: number;
}

export interface Products {
  type: "products";
  items: Product[];
}

export type Block = Products | { type: string };

export interface Answer {
  session_id: string;
  message_id: string;
  answer: string;
  outcome: string;
  citations: Citation[];
  blocks?: Block[];
  quick_replies?: string[];
}

export interface TranscriptMessage {
  id: string;
  author: "contact" | "bot" | "operator" | "system";
  text: string;
  outcome: string | null;
  citations: Citation[];
  at: string;
  blocks?: Block[];
  quick_replies?: string[];
  rating?: Rating;
}

export interface Passage {
  title: string;
  url: string | null;
  page: number | null;
  heading: string;
  before: string;
  quote: string;
  after: string;
  document_version: number;
}

export type Rating = "up" | "down" | null;

export interface Colours {
  accent?: string;
  on_accent?: string;
  background?: string;
  surface?: string;
  text?: string;
  muted?: string;
  border?: string;
  bubble_bot?: string;
  bubble_visitor?: string;
  on_bubble_visitor?: string;
}

export interface Theme {
  accent?: string;
  light?: Colours;
  dark?: Colours;
  radius?: number;
  position?: "left" | "right";
  mode?: "light" | "dark" | "auto";
}

export interface Config {
  bot_id: string;
  name: string;
  icon_url: string | null;
  greeting: string | null;
  suggestions: string[];
  language: string | null;
  theme: Theme;
  texts: Record<string, string>;
  feedback: boolean;
}

/** Why something did not work; `code` is the server's, or one of ours: `network`, `offline`. */
export interface Problem {
  code: string;
  detail: string;
  retryAfter: number;
}

/** What the loader gives to the panel. */
export interface Place {
  root: ShadowRoot;
  base: string;
  bot: string;
  key: string | null;
  /** The configuration, asked for anew while there is none. */
  config(): Promise<Config>;
  language: string | null;
  visitor: Visitor;
  page: boolean;
  emit(event: EventName, detail: unknown): void;
  /** The panel was closed from within. */
  closed(): void;
  style(sheet: string): void;
}

/** What the panel gives back. */
export interface Panel {
  open(): void;
  close(): void;
  send(text: string): void;
  identify(visitor: Visitor): void;
  setLanguage(language: string): void;
  destroy(): void;
}
