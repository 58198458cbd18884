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


def _texts(language: str) -> _Texts:
    return TEXTS.get(language, TEXTS["en"])


def declined(language: str, fallback: str, contact: str | None, topics: tuple[str, ...]) -> str:
    """What is said when the documents do not hold the answer."""
    texts = _texts(language)
    parts = [templates.declined(language)]
    if fallback == "suggest_topics" and topics:
        parts.append(texts.topics.format(topics=", ".join(topics[:MAX_TOPICS])))
    if fallback == "escalate_to_human":
        parts.append(_CAN_PASS_ON.get(language, _CAN_PASS_ON["en"]))
    if contact:
        parts.append(texts.contact.replace("{contact}", contact))
    return " ".join(parts)


def handed_over(language: str, contact: str | None) -> str:
    texts = _texts(language)
    return texts.handoff if not contact else f"{texts.handoff} {texts.contact.replace('{contact}', contact)}"


def failed(language: str) -> str:
    return _texts(language).failed


# Each names words that are understood as the wish for a person.
_CAN_PASS_ON: Final[dict[str, str]] = {
    "en": "If you would like our team to look at this, write “talk to a person” and I will pass it on.",
    "de": "Soll sich unser Team darum kümmern? Schreiben Sie „mit einem Mitarbeiter sprechen“, ich gebe es weiter.",
    "fr": "Si vous souhaitez qu'une personne s'en occupe, écrivez « parler à un conseiller » et je transmets.",
    "es": "Si quiere que le atienda una persona, escriba «hablar con una persona» y paso su consulta.",
    "it": "Se desidera che se ne occupi una persona, scriva «parlare con un operatore» e passo la richiesta.",
    "nl": "Wilt u dat een mens hiernaar kijkt, schrijf dan ‘een medewerker spreken’ en ik geef het door.",
    "pt": "Se quiser que uma pessoa trate disto, escreva “falar com uma pessoa” e eu encaminho.",
    "pl": "Jeśli ma się tym zająć człowiek, proszę napisać „rozmowa z konsultantem”, a przekażę sprawę.",
}
