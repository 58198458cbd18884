"""What a bot says when it has no answer, refuses, or hands over: short, in the customer's language."""

from typing import Final, NamedTuple

from shopwright.answering import templates


class _Texts(NamedTuple):
    topics: str
    handoff: str
    contact: str
    failed: str


TEXTS: Final[dict[str, _Texts]] = {
    "en": _Texts(
        "I can help with: {topics}.",
        "I am passing this on to our team. A colleague will get back to you here.",
        "You can reach our team here: {contact}",
        "Something went wrong on our side. Please try again in a moment.",
    ),
    "de": _Texts(
        "Helfen kann ich zum Beispiel bei: {topics}.",
        "Ich gebe das an unser Team weiter. Eine Kollegin oder ein Kollege meldet sich hier bei Ihnen.",
        "So erreichen Sie unser Team: {contact}",
        "Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es gleich noch einmal.",
    ),
    "fr": _Texts(
        "Je peux vous aider pour : {topics}.",
        "Je transmets votre demande à notre équipe. Quelqu'un vous répondra ici.",
        "Vous pouvez joindre notre équipe ici : {contact}",
        "Un problème est survenu de notre côté. Veuillez réessayer dans un instant.",
    ),
    "es": _Texts(
        "Puedo ayudarle con: {topics}.",
        "Paso su consulta a nuestro equipo. Alguien le responderá aquí.",
        "Puede contactar con nuestro equipo aquí: {contact}",
        "Ha ocurrido un problema por nuestra parte. Inténtelo de nuevo en un momento.",
    ),
    "it": _Texts(
        "Posso aiutarla con: {topics}.",
        "Passo la richiesta al nostro team. Qualcuno le risponderà qui.",
        "Può contattare il nostro team qui: {contact}",
        "Qualcosa è andato storto da parte nostra. Riprovi tra un momento.",
    ),
    "nl": _Texts(
        "Ik kan helpen met: {topics}.",
        "Ik geef dit door aan ons team. Een collega reageert hier.",
        "U bereikt ons team hier: {contact}",
        "Er ging iets mis aan onze kant. Probeer het zo nog eens.",
    ),
    "pt": _Texts(
        "Posso ajudar com: {topics}.",
        "Vou encaminhar para a nossa equipa. Alguém responderá aqui.",
        "Pode contactar a nossa equipa aqui: {contact}",
        "Algo correu mal do nosso lado. Tente novamente dentro de momentos.",
    ),
    "pl": _Texts(
        "Mogę pomóc w sprawach: {topics}.",
        "Przekazuję to naszemu zespołowi. Ktoś odpowie tutaj.",
        "Z naszym zespołem można skontaktować się tutaj: {contact}",
        "Coś poszło nie tak po naszej stronie. Proszę spróbować ponownie za chwilę.",
    ),
}  # fmt: skip
LANGUAGE_NAMES: Final[dict[str, str]] = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "hi": "Hindi", "hu": "Hungarian", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
MAX_TOPICS = 6
MAX_QUICK_REPLIES = 4


def _texts(language: str) -> _Texts:
    return TEXTS.get(language, TEXTS["en"])


def declined(
    language: str, fallback: str, contact: str | None, topics: tuple[str, ...], note: str = "", nearby: str = ""
) -> str:
    """What is said when the documents do not hold the answer.

    `note` says what they do not mention, `nearby` quotes what they say instead.
    """
    texts = _texts(language)
    opening = " ".join(filter(None, [templates.declined(language), note]))
    parts: list[str] = []
    if fallback == "suggest_topics" and topics:
        parts.append(texts.topics.format(topics=", ".join(topics[:MAX_TOPICS])))
    if fallback == "escalate_to_human":
        parts.append(_offer(language))
    if contact:
        parts.append(texts.contact.replace("{contact}", contact))
    if nearby:
        return "\n\n".join(filter(None, [opening, nearby, " ".join(parts)]))
    return " ".join([opening, *parts])


def handed_over(language: str, contact: str | None) -> str:
    texts = _texts(language)
    return texts.handoff if not contact else f"{texts.handoff} {texts.contact.replace('{contact}', contact)}"


def failed(language: str) -> str:
    return _texts(language).failed


# Words that are understood as the wish for a person.
_PERSON: Final[dict[str, str]] = {
    "en": "talk to a person",
    "de": "mit einem Mitarbeiter sprechen",
    "fr": "parler à un conseiller",
    "es": "hablar con una persona",
    "it": "parlare con un operatore",
    "nl": "een medewerker spreken",
    "pt": "falar com uma pessoa",
    "pl": "rozmowa z konsultantem",
}
_CAN_PASS_ON: Final[dict[str, str]] = {
    "en": "If you would like our team to look at this, write “{words}” and I will pass it on.",
    "de": "Soll sich unser Team darum kümmern? Schreiben Sie „{words}“, ich gebe es weiter.",
    "fr": "Si vous souhaitez qu'une personne s'en occupe, écrivez « {words} » et je transmets.",
    "es": "Si quiere que le atienda una persona, escriba «{words}» y paso su consulta.",
    "it": "Se desidera che se ne occupi una persona, scriva «{words}» e passo la richiesta.",
    "nl": "Wilt u dat een mens hiernaar kijkt, schrijf dan ‘{words}’ en ik geef het door.",
    "pt": "Se quiser que uma pessoa trate disto, escreva “{words}” e eu encaminho.",
    "pl": "Jeśli ma się tym zająć człowiek, proszę napisać „{words}”, a przekażę sprawę.",
}


def _offer(language: str) -> str:
    language = language if language in _CAN_PASS_ON else "en"
    return _CAN_PASS_ON[language].replace("{words}", _PERSON[language])


def language_of_offer(text: str) -> str | None:
    """The language in which an answer offered a person, or None when it did not."""
    return next((language for language in _CAN_PASS_ON if _offer(language) in text), None)


def ask_for_person(language: str) -> str:
    """The quick reply that brings a person."""
    words = _PERSON.get(language, _PERSON["en"])
    return words[0].upper() + words[1:]


def after_declined(language: str, fallback: str, topics: tuple[str, ...], suggestions: tuple[str, ...]) -> list[str]:
    """What the customer may tap when the documents do not hold the answer."""
    if fallback == "escalate_to_human":
        return [ask_for_person(language)]
    offered = topics if fallback == "suggest_topics" and topics else suggestions
    return list(offered[:MAX_QUICK_REPLIES])
