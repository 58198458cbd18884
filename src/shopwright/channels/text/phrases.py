"""The few words an adapter adds itself, in the languages of the customers."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Phrases:
    sources: str
    choose: str
    options: str


PHRASES: Final = {
    "en": Phrases("Sources", "Reply with a number:", "Options"),
    "de": Phrases("Quellen", "Bitte mit einer Nummer antworten:", "Auswahl"),
    "fr": Phrases("Sources", "Répondez par un numéro :", "Options"),
    "es": Phrases("Fuentes", "Responda con un número:", "Opciones"),
    "it": Phrases("Fonti", "Risponda con un numero:", "Opzioni"),
    "nl": Phrases("Bronnen", "Antwoord met een nummer:", "Opties"),
    "pt": Phrases("Fontes", "Responda com um número:", "Opções"),
    "pl": Phrases("Źródła", "Odpowiedz numerem:", "Opcje"),
}


def phrases(language: str) -> Phrases:
    return PHRASES.get(language.lower().replace("_", "-").split("-")[0], PHRASES["en"])
