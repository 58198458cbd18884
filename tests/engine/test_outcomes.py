"""What a turn may end as, and that settings do what they say."""

import pytest
from tests.shops import Json, Shop
from tests.widget.talk import QUESTION, Jobs, knowing_bot

UNKNOWN_TOPIC = "What is the phone number of your store in Lisbon?"


async def scoped(shop: Shop, run_jobs: Jobs, scope: Json, **fields: object) -> Json:
    bot = await knowing_bot(shop, run_jobs, **fields)
    await shop.post(f"/v1/tenant/bots/{bot['id']}/scopes", scope)
    return bot


@pytest.mark.parametrize("text", ["Hello", "Hi there!", "Thank you", "Guten Tag", "bye"])
async def test_small_talk_needs_no_documents(shop: Shop, text: str) -> None:
    answer = await shop.ask(await shop.bot(), text)
    assert (answer["outcome"], answer["citations"]) == ("answered", [])
    assert answer["answer"]


@pytest.mark.parametrize("text", ["I want to talk to a human", "Can I speak with a real person please?",
                                  "Ich möchte mit einem Mitarbeiter sprechen"])  # fmt: skip
async def test_who_asks_for_a_person_is_handed_over(shop: Shop, text: str) -> None:
    bot = await shop.bot(settings={"contact": "help@shop.example"})
    answer = await shop.ask(bot, text)
    assert answer["outcome"] == "handoff"
    assert "help@shop.example" in answer["answer"]
    conversations = (await shop.get("/v1/tenant/conversations"))["items"]
    assert conversations[0]["status"] == "handoff"


async def test_a_forbidden_topic_is_refused_in_the_shops_words(shop: Shop, run_jobs: Jobs) -> None:
    scope = {"forbidden_topics": ["medical advice"], "refusal_message": "We only talk about shoes here."}
    bot = await scoped(shop, run_jobs, scope)
    answer = await shop.ask(bot, "Which medicine should I take against my headache?")
    assert (answer["outcome"], answer["answer"]) == ("refused", "We only talk about shoes here.")
    assert answer["citations"] == []
    assert (await shop.ask(bot, QUESTION))["outcome"] == "answered"


async def test_without_words_of_its_own_a_bot_refuses_in_the_customers_language(shop: Shop, run_jobs: Jobs) -> None:
    bot = await scoped(shop, run_jobs, {"forbidden_topics": ["medical advice", "medizinische Beratung"]})
    german = await shop.ask(bot, "Welches Medikament soll ich gegen meine Kopfschmerzen nehmen?")
    english = await shop.ask(bot, "Which medicine should I take against my headache?")
    assert german["outcome"] == english["outcome"] == "refused"
    assert german["answer"] != english["answer"]


async def test_a_trigger_hands_over(shop: Shop, run_jobs: Jobs) -> None:
    context = {"escalation_triggers": ["billing_dispute", "legal threat"]}
    bot = await scoped(shop, run_jobs, {"context_settings": context})
    answer = await shop.ask(bot, "I was charged twice on my bill and I dispute this payment!")
    assert answer["outcome"] == "handoff"


@pytest.mark.parametrize(
    ("fallback", "said"),
    [("say_unknown", None), ("escalate_to_human", "team"), ("suggest_topics", "returns")],
)
async def test_what_is_unknown_is_declined_as_the_bot_is_set_to(
    shop: Shop, run_jobs: Jobs, fallback: str, said: str | None
) -> None:
    settings = {"fallback_behavior": fallback}
    scope = {"allowed_topics": ["returns", "stores"], "strictness_level": "lenient"}
    bot = await scoped(shop, run_jobs, scope, settings=settings)
    answer = await shop.ask(bot, UNKNOWN_TOPIC)
    assert (answer["outcome"], answer["citations"]) == ("declined", [])
    assert ("team" in answer["answer"]) == (fallback == "escalate_to_human")
    assert said is None or said in answer["answer"]


async def test_a_bot_without_knowledge_declines(shop: Shop) -> None:
    for bot in (await shop.bot(), await shop.bot(await shop.dataset())):
        answer = await shop.ask(bot, QUESTION)
        assert (answer["outcome"], answer["citations"]) == ("declined", [])
        assert answer["answer"]


@pytest.mark.parametrize(
    ("style", "marks"), [("numbered", "[1]"), ("footnotes", "¹"), ("inline", "(Returns"), ("none", "")]
)
async def test_sources_are_shown_in_the_bots_style(shop: Shop, run_jobs: Jobs, style: str, marks: str) -> None:
    bot = await knowing_bot(shop, run_jobs, settings={"citation_style": style})
    answer = await shop.ask(bot, QUESTION)
    assert answer["outcome"] == "answered"
    assert marks in answer["answer"]
    assert len(answer["citations"]) >= 1, "the list of sources is given in every style"
    if style == "none":
        assert "[" not in answer["answer"]


async def test_a_dataset_that_is_unlinked_or_switched_off_is_not_answered_from(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    linked = (await shop.get(f"/v1/tenant/bots/{bot['id']}/datasets"))["items"][0]
    path = f"/v1/tenant/bots/{bot['id']}/datasets/{linked['dataset_id']}"
    assert (await shop.ask(bot, QUESTION))["outcome"] == "answered"

    await shop.api.patch(path, json={"is_active": False})
    assert (await shop.ask(bot, QUESTION))["outcome"] == "declined"
    await shop.api.patch(path, json={"is_active": True})
    assert (await shop.ask(bot, QUESTION))["outcome"] == "answered"
    await shop.api.delete(path)
    assert (await shop.ask(bot, QUESTION))["outcome"] == "declined"


async def test_a_replaced_document_changes_the_answer_and_a_deleted_one_ends_it(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    document = await shop.text(dataset, "Returns", "You can return an article within 30 days of delivery.")
    bot = await shop.bot(dataset)
    await run_jobs()
    path = f"/v1/tenant/datasets/{dataset['id']}/documents/{document['id']}"
    first = await shop.ask(bot, QUESTION)

    await shop.api.put(f"{path}/content", json={"content": "You can return an article within 45 days of delivery."})
    still = await shop.ask(bot, QUESTION)
    await run_jobs()
    second = await shop.ask(bot, QUESTION)
    await shop.api.delete(path)
    third = await shop.ask(bot, QUESTION)

    assert ["30" in a["answer"] for a in (first, still, second, third)] == [True, True, False, False]
    assert "45" in second["answer"]
    assert [a["outcome"] for a in (first, still, second, third)] == ["answered"] * 3 + ["declined"]
    old = await shop.get(f"/v1/chat/sessions/{first['session_id']}")
    assert old["messages"][-1]["citations"][0]["document_version"] == 1


async def test_a_dataset_of_higher_priority_wins_when_both_know(shop: Shop, run_jobs: Jobs) -> None:
    one, two = await shop.dataset("One"), await shop.dataset("Two")
    await shop.text(one, "Opening", "The store opens at nine in the morning.")
    await shop.text(two, "Opening", "The store opens at ten in the morning.")
    await run_jobs()
    bot = await shop.bot()
    for dataset, priority in ((one, 9), (two, 1)):
        link = {"dataset_id": dataset["id"], "priority": priority}
        await shop.post(f"/v1/tenant/bots/{bot['id']}/datasets", link)
    answer = await shop.ask(bot, "When does the store open in the morning?")
    assert "ten" in answer["answer"]


async def test_a_very_long_word_is_answered_somehow(shop: Shop, run_jobs: Jobs) -> None:
    bot = await knowing_bot(shop, run_jobs)
    for text in ("x" * 8_000, "?" * 8_000, "😀" * 4_000, "a b " * 2_000, "\u202e" * 100 + "?", "' or 1=1 --"):
        assert (await shop.ask(bot, text))["outcome"] in {"answered", "declined", "refused", "handoff"}


@pytest.mark.parametrize(
    ("text", "outcome"), [("yes", "handoff"), ("Yes, please!", "handoff"), ("ok", "handoff"), ("no thanks", "declined")]
)
async def test_a_yes_to_the_offer_of_a_person_brings_one(shop: Shop, run_jobs: Jobs, text: str, outcome: str) -> None:
    bot = await scoped(shop, run_jobs, {"strictness_level": "lenient"})
    declined = await shop.ask(bot, UNKNOWN_TOPIC)
    assert (declined["outcome"], declined["quick_replies"]) == ("declined", ["Talk to a person"])
    answer = await shop.ask(bot, text, session_id=declined["session_id"])
    assert (answer["outcome"] == "handoff") == (outcome == "handoff")


async def test_a_yes_to_nothing_is_no_wish_for_a_person(shop: Shop, run_jobs: Jobs) -> None:
    bot = await scoped(shop, run_jobs, {"strictness_level": "lenient"}, settings={"fallback_behavior": "say_unknown"})
    declined = await shop.ask(bot, UNKNOWN_TOPIC)
    assert declined["quick_replies"] == []
    for session in (None, declined["session_id"]):
        assert (await shop.ask(bot, "yes", session_id=session))["outcome"] != "handoff"


async def test_a_german_ja_to_the_offer_brings_a_person(shop: Shop, run_jobs: Jobs) -> None:
    bot = await scoped(shop, run_jobs, {"strictness_level": "lenient"}, settings={"language": "de"})
    declined = await shop.ask(bot, "Wie lautet die Telefonnummer Ihrer Filiale in Lissabon?")
    assert declined["quick_replies"] == ["Mit einem Mitarbeiter sprechen"]
    assert (await shop.ask(bot, "Ja, gerne", session_id=declined["session_id"]))["outcome"] == "handoff"


@pytest.mark.parametrize(("strictness", "outcome"), [("moderate", "answered"), ("strict", "refused")])
async def test_what_the_documents_surely_answer_is_on_topic_unless_the_owner_is_strict(
    shop: Shop, run_jobs: Jobs, strictness: str, outcome: str
) -> None:
    dataset = await shop.dataset()
    await shop.text(dataset, "Anfahrt", "Parken können Sie hinter dem Haus. Die Straßenbahn 3 hält vor der Tür.")
    await shop.text(dataset, "Versand", "Der Versand innerhalb Deutschlands kostet 4,90 Euro.")
    await run_jobs()
    bot = await shop.bot(dataset)
    scope = {"allowed_topics": ["Bücher"], "strictness_level": strictness}
    await shop.post(f"/v1/tenant/bots/{bot['id']}/scopes", scope)
    answer = await shop.ask(bot, "Welche Straßenbahn hält bei euch?")
    assert answer["outcome"] == outcome
    off_topic = await shop.ask(bot, "Welche Partei soll ich wählen?")
    assert off_topic["outcome"] == "refused"


async def test_a_decline_quotes_the_rule_for_another_year_with_its_citation(shop: Shop, run_jobs: Jobs) -> None:
    dataset = await shop.dataset()
    text = "The summer sale begins on the last Monday in July. It lasts for four weeks."
    await shop.text(dataset, "Sales and prices", text)
    await run_jobs()
    answer = await shop.ask(await shop.bot(dataset), "When does the summer sale 2031 begin?")
    assert answer["outcome"] == "declined"
    assert "does not mention 2031" in answer["answer"]
    assert "The summer sale begins on the last Monday in July. [1]" in answer["answer"]
    assert [citation["quote"] for citation in answer["citations"]] == [text.partition(". ")[0] + "."]
