from collections import Counter

from shopwright.understanding.catalogue import load
from shopwright.understanding.injection import detect_injection
from shopwright.understanding.safety import detect_danger


def test_topics_are_unique_and_have_messages():
    topics = load().topics
    assert max(Counter(topic.id for topic in topics).values()) == 1
    assert all(topic.title and topic.messages for topic in topics)
    assert sum(topic.kind == "shop" for topic in topics) >= 50


def test_no_message_belongs_to_two_topics():
    messages = Counter(
        text.casefold() for topic in load().topics if topic.kind != "trigger" for text, _ in topic.messages
    )
    assert [text for text, count in messages.items() if count > 1] == []


def test_groups_and_triggers_refer_to_topics_that_exist():
    known = {topic.id for topic in load().topics}
    assert all(set(group.topics) <= known for group in load().groups)
    assert all(set(topic.includes) <= known for topic in load().topics)


def test_the_rules_agree_with_the_messages_of_shops():
    for topic in load().topics:
        if topic.kind in ("shop", "everyday"):
            for text, _ in topic.messages:
                assert detect_danger(text) is None, text
                assert detect_injection(text) is None, text
