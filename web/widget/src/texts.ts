/** What the widget says, by language. A missing text is a type error. */

const en = {
  open: "Open chat",
  close: "Close chat",
  chat_with: "Chat with {name}",
  status: "Usually answers at once",
  offline: "You are offline",
  greeting: "Hello! What can I help you with?",
  log: "Conversation",
  message: "Your message",
  placeholder: "Write a message…",
  send: "Send",
  dictate: "Dictate",
  dictating: "Stop dictating",
  too_long: "{count} of {max} characters. Please shorten your message.",
  count: "{count} of {max} characters",
  clear: "Clear conversation",
  clear_ask: "Clear this conversation? The bot forgets what was said.",
  clear_yes: "Clear",
  cancel: "Cancel",
  cleared: "The conversation was cleared.",
  clear_failed: "The conversation could not be cleared. Please try again.",
  you: "You said:",
  bot_said: "{name} said:",
  finding: "Looking for the answer…",
  looking_in: "Looking in {title}…",
  sources: "Sources",
  source: "Source {number}: {title}",
  passage: "Source",
  passage_page: "page {page}",
  passage_open: "Open the page",
  passage_loading: "Opening the source…",
  passage_failed: "The source could not be opened. Please try again.",
  back: "Back to the conversation",
  suggestions: "Suggested questions",
  replies: "Suggested answers",
  products: "Products",
  previous: "Previous",
  next: "Next",
  product_open: "View",
  was: "was",
  now: "now",
  good: "Good answer",
  bad: "Bad answer",
  comment: "What was wrong? (optional)",
  comment_send: "Send feedback",
  thanks: "Thank you for your feedback.",
  waiting: "Will be sent when you are online again",
  sending: "Sending…",
  retry: "Try again",
  retry_in: "Try again in {seconds} s",
  failed_network: "The connection was lost. Your message was not answered yet.",
  failed_rate: "Too many messages just now. Please wait a moment.",
  failed_origin: "This chat is not available on this page.",
  failed_off: "This chat is switched off at the moment.",
  failed_gone: "This chat is not available any more.",
  failed_key: "This chat is not set up correctly. Please contact the shop in another way.",
  failed: "Something went wrong on our side. Please try again.",
  unavailable: "The chat cannot be reached right now. Please try again.",
};

export type Texts = typeof en;

const de: Texts = {
  open: "Chat öffnen",
  close: "Chat schließen",
  chat_with: "Chat mit {name}",
  status: "Antwortet meist sofort",
  offline: "Sie sind offline",
  greeting: "Hallo! Womit kann ich Ihnen helfen?",
  log: "Gespräch",
  message: "Ihre Nachricht",
  placeholder: "Nachricht schreiben …",
  send: "Senden",
  dictate: "Diktieren",
  dictating: "Diktat beenden",
  too_long: "{count} von {max} Zeichen. Bitte kürzen Sie die Nachricht.",
  count: "{count} von {max} Zeichen",
  clear: "Gespräch löschen",
  clear_ask: "Dieses Gespräch löschen? Der Bot vergisst, was gesagt wurde.",
  clear_yes: "Löschen",
  cancel: "Abbrechen",
  cleared: "Das Gespräch wurde gelöscht.",
  clear_failed: "Das Gespräch konnte nicht gelöscht werden. Bitte versuchen Sie es noch einmal.",
  you: "Sie:",
  bot_said: "{name}:",
  finding: "Ich suche die Antwort …",
  looking_in: "Ich sehe nach in {title} …",
  sources: "Quellen",
  source: "Quelle {number}: {title}",
  passage: "Quelle",
  passage_page: "Seite {page}",
  passage_open: "Seite öffnen",
  passage_loading: "Quelle wird geöffnet …",
  passage_failed: "Die Quelle konnte nicht geöffnet werden. Bitte versuchen Sie es noch einmal.",
  back: "Zurück zum Gespräch",
  suggestions: "Vorgeschlagene Fragen",
  replies: "Vorgeschlagene Antworten",
  products: "Produkte",
  previous: "Zurück",
  next: "Weiter",
  product_open: "Ansehen",
  was: "vorher",
  now: "jetzt",
  good: "Gute Antwort",
  bad: "Schlechte Antwort",
  comment: "Was war falsch? (freiwillig)",
  comment_send: "Rückmeldung senden",
  thanks: "Danke für Ihre Rückmeldung.",
  waiting: "Wird gesendet, sobald Sie wieder online sind",
  sending: "Wird gesendet …",
  retry: "Noch einmal versuchen",
  retry_in: "Noch einmal in {seconds} s",
  failed_network: "Die Verbindung ist abgebrochen. Ihre Nachricht ist noch nicht beantwortet.",
  failed_rate: "Gerade zu viele Nachrichten. Bitte warten Sie einen Moment.",
  failed_origin: "Dieser Chat ist auf dieser Seite nicht verfügbar.",
  failed_off: "Dieser Chat ist im Moment abgeschaltet.",
  failed_gone: "Diesen Chat gibt es nicht mehr.",
  failed_key: "Dieser Chat ist nicht richtig eingerichtet. Bitte wenden Sie sich anders an den Shop.",
  failed: "Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.",
  unavailable: "Der Chat ist gerade nicht erreichbar. Bitte versuchen Sie es noch einmal.",
};

export const CATALOGUES: Record<string, Texts> = { en, de };
const RIGHT_TO_LEFT = new Set(["ar", "he", "fa", "ur", "ps", "sd", "yi", "dv"]);

export interface Speech {
  language: string;
  direction: "ltr" | "rtl";
  say(name: keyof Texts, values?: Record<string, string | number>): string;
}

/** The texts of the first wanted language that there is; the direction follows the wish, not the catalogue. */
export function speechOf(wanted: readonly (string | null | undefined)[], own: Record<string, string> = {}): Speech {
  const codes = wanted.filter(Boolean).map((code) => code!.toLowerCase().split("-")[0]!);
  // The shop's own texts may be in a language for which there is no catalogue.
  const chosen = codes.find((code) => code in CATALOGUES || (Object.keys(own).length > 0 && code === codes[0])) ?? "en";
  const texts: Record<string, string> = { ...en, ...CATALOGUES[chosen], ...own };
  return {
    language: chosen,
    direction: RIGHT_TO_LEFT.has(chosen) ? "rtl" : "ltr",
    say: (name, values = {}) =>
      texts[name]!.replace(/\{(\w+)\}/g, (whole, key: string) => (key in values ? String(values[key]) : whole)),
  };
}
