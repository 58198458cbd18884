"""What a bot says on platforms before any model is asked, in the customer's language."""

from typing import Final

_ONLY_TEXT: Final = {
    "en": "I can read text only so far. Please write your question in a few words, and I will look it up.",
    "de": "Ich kann bisher nur Text lesen. Bitte schreiben Sie Ihre Frage in ein paar Worten, dann sehe ich nach.",
    "fr": "Je ne lis que du texte pour l'instant. Écrivez votre question en quelques mots et je chercherai.",
    "es": "Por ahora solo puedo leer texto. Escriba su pregunta en pocas palabras y la buscaré.",
    "it": "Per ora leggo solo testo. Scriva la domanda in poche parole e la cercherò.",
    "nl": "Ik kan tot nu toe alleen tekst lezen. Schrijf uw vraag in een paar woorden, dan zoek ik het op.",
    "pt": "Por enquanto só consigo ler texto. Escreva a sua pergunta em poucas palavras e eu procuro.",
    "pl": "Na razie czytam tylko tekst. Proszę napisać pytanie w kilku słowach, a sprawdzę.",
}


def only_text(language: str) -> str:
    return _ONLY_TEXT.get(language, _ONLY_TEXT["en"])
