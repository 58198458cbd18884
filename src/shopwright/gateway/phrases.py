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

_CHANGE_UNSEEN: Final = {
    "en": "I cannot see what you changed in your message. Please write it once more as a new one.",
    "de": "Ich kann nicht sehen, was Sie an Ihrer Nachricht geändert haben. Bitte schreiben Sie sie noch einmal neu.",
    "fr": "Je ne vois pas ce que vous avez modifié dans votre message. Écrivez-le de nouveau, s'il vous plaît.",
    "es": "No puedo ver lo que ha cambiado en su mensaje. Escríbalo de nuevo, por favor.",
    "it": "Non vedo che cosa ha modificato nel messaggio. Lo scriva di nuovo, per favore.",
    "nl": "Ik kan niet zien wat u in uw bericht hebt gewijzigd. Schrijf het alstublieft opnieuw.",
    "pt": "Não consigo ver o que alterou na sua mensagem. Por favor, escreva-a de novo.",
    "pl": "Nie widzę, co zmieniono w wiadomości. Proszę napisać ją jeszcze raz.",
}


def change_unseen(language: str) -> str:
    return _CHANGE_UNSEEN.get(language, _CHANGE_UNSEEN["en"])


def only_text(language: str) -> str:
    return _ONLY_TEXT.get(language, _ONLY_TEXT["en"])
