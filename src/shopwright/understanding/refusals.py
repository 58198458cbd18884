"""What a refused customer reads, in the customer's language."""

from collections.abc import Sequence

from shopwright.understanding.rules import Decision
from shopwright.understanding.texts import load

MOST_TOPICS_NAMED = 4


def default_refusal(language: str | None, bot_name: str, topics: Sequence[str] = ()) -> str:
    """Say kindly that the bot cannot help with this, and with what it can.

    At most four topics are named, as the owner wrote them. A language without a text (32 have one) gets
    English.
    """
    texts = load("refusals")["refusals"]
    forms = texts.get(language, texts["en"])
    named = [topic.strip() for topic in topics if topic.strip()][:MOST_TOPICS_NAMED]
    # The owner's words are put in one by one and never read as a format.
    form: str = forms["with_topics"] if named else forms["without_topics"]
    before, _, after = form.partition("{bot}")
    return f"{before}{bot_name}{after.replace('{topics}', ', '.join(named))}"


def care_message(language: str | None) -> str:
    """What somebody reads who writes of killing or hurting themselves; no setting of the bot changes it."""
    texts: dict[str, str] = load("refusals")["care"]
    return texts.get(language or "en", texts["en"])


def refusal_text(
    decision: Decision,
    refusal_message: str | None,
    language: str | None,
    bot_name: str,
    topics: Sequence[str] = (),
) -> str:
    """What to answer a refused message: the caring text, the owner's own, or the default, in this order."""
    if decision.signals.get("self_harm"):
        return care_message(language)
    return refusal_message or default_refusal(language, bot_name, topics)
