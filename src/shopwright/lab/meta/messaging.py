"""Messenger and Instagram: nearly the same Send API, and nearly the same webhooks.

Sources: https://developers.facebook.com/docs/messenger-platform/reference/send-api,
https://developers.facebook.com/docs/messenger-platform/webhooks,
https://developers.facebook.com/docs/instagram-platform/webhooks/examples, read 2026-11.
"""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from shopwright.lab.accounts import Account, Payload
from shopwright.lab.base import Answer, Call, Refused, Web
from shopwright.lab.checking import load_facts
from shopwright.lab.meta import messaging_customer as customer
from shopwright.lab.meta.graph import GraphEmulator, given, graph_error
from shopwright.lab.meta.messaging_messages import show
from shopwright.lab.schemas import ActKind, LabAct

_GONE = "(#551) This person isn't available right now."


class MessagingEmulator(GraphEmulator):
    """`account_field` names the page or account, `object` what webhooks are about, `fields` what they can be of."""

    account_field: ClassVar[str]
    object: ClassVar[str]
    # The field of a subscription for each kind of event.
    fields: ClassVar[Mapping[str, str]]
    tells_deliveries: ClassVar[bool]
    window_hours: ClassVar[int | None] = 24
    guards_files: ClassVar[bool] = False
    acts: ClassVar[frozenset[ActKind]]

    def sends(self, call: Call) -> bool:
        return call.path.endswith("/messages") and "sender_action" not in given(call)

    async def node(self, account: Account, call: Call, path: str, web: Web) -> Answer | None:
        own = account.credentials[self.account_field]
        node, _, edge = path.partition("/")
        if node in {own, "me"}:
            if not edge and call.method == "GET":
                return self._profile(account, call)
            if edge == "messages" and call.method == "POST":
                return self._messages(account, given(call))
            if edge == "subscribed_apps":
                return self._subscribe(account, call)
        return await self.app_node(account, call, path, web)

    @abstractmethod
    async def app_node(self, account: Account, call: Call, path: str, web: Web) -> Answer | None:
        """What is there of the app."""

    def _profile(self, account: Account, call: Call) -> Answer:
        known = self.profile(account)
        asked = [name for name in call.query.get("fields", "id,name").split(",") if name]
        unknown = [name for name in asked if name not in known]
        if unknown:
            said = f"(#100) Tried accessing nonexisting field ({unknown[0]})"
            raise Refused(graph_error(400, 100, said), f"there is no field {unknown[0]}")
        return Answer({name: known[name] for name in {*asked, "id"}})

    def profile(self, account: Account) -> dict[str, Any]:
        """The fields of the page or account."""
        return {"id": account.credentials[self.account_field], "name": account.name or "Lab shop"}

    def _subscribe(self, account: Account, call: Call) -> Answer:
        if call.method == "GET":
            listed = account.webhook.get("fields") or []
            apps = [{"id": self.app_of(account), "subscribed_fields": listed}] if listed else []
            return Answer({"data": apps})
        if call.method == "DELETE":
            account.webhook.pop("fields", None)
            account.changed()
            return Answer({"success": True})
        fields = listed_fields(given(call).get("subscribed_fields") or call.query.get("subscribed_fields"))
        self.check_fields(fields, "subscribed_fields")
        account.webhook["fields"] = fields
        account.changed()
        return Answer({"success": True})

    def check_fields(self, fields: list[str], name: str) -> None:
        """Refuse what is no field of this platform's webhooks.

        Raises:
            Refused: there is none, or one that does not exist.
        """
        if not fields:
            raise Refused(graph_error(400, 100, f"(#100) The parameter {name} is required."), f"{name} is missing")
        unknown = [field for field in fields if field not in KNOWN_FIELDS[self.object]]
        if unknown:
            said = f"(#100) Param {name} must be one of {{{', '.join(sorted(KNOWN_FIELDS[self.object]))}}}"
            raise Refused(graph_error(400, 100, said), f"{name}: there is no field {unknown[0]}")

    def _messages(self, account: Account, body: Mapping[str, Any]) -> Answer:
        method = "action" if "sender_action" in body else "message"
        facts = load_facts(self.slug)
        body = {name: value for name, value in body.items() if name != "access_token"}
        problems = list(facts.problems(body, facts.methods[method]))
        for problem in problems[1:]:
            account.violated(method, problem)
        if problems:
            raise Refused(graph_error(400, 100, f"(#100) {problems[0]}"), problems[0])
        if body["recipient"].get("id") != account.customer:
            said = "(#100) No matching user found"
            raise Refused(graph_error(400, 100, said, subcode=2018001), "nobody with this id ever wrote")
        if account.blocked:
            raise Refused(graph_error(400, 551, _GONE, subcode=1545041))
        if method == "action":
            return self._action(account, body["sender_action"])
        if not account.window_open(self.window_hours) and body.get("messaging_type") != "MESSAGE_TAG":
            said = "(#10) This message is sent outside of allowed window."
            problem = "" if account.ahead else "a free answer outside of the 24 hours"
            raise Refused(graph_error(400, 10, said, subcode=2018278), problem)
        shown = show(account, body["message"])
        if self.tells_deliveries:
            account.reports += self.events(account, "delivery", delivery={"mids": [shown.id], "watermark": stamp()})
        return Answer({"recipient_id": account.customer, "message_id": shown.id})

    @staticmethod
    def _action(account: Account, action: str) -> Answer:
        if action == "typing_on":
            account.types(20)
        elif action == "typing_off":
            account.types(0)
        elif action == "mark_seen":
            for entry in account.said_by("customer"):
                entry.shown.state = "read"
            account.changed()
        return Answer({"recipient_id": account.customer})

    def events(self, account: Account, kind: str, **content: Any) -> list[Payload]:
        """The webhook of an event, when its field is subscribed to."""
        field = self.fields.get(kind)
        if field is None or (account.webhook and field not in self.subscribed(account)):
            return []
        own = account.credentials[self.account_field]
        event = {"sender": {"id": account.customer}, "recipient": {"id": own}, "timestamp": stamp(), **content}
        body = {"object": self.object, "entry": [{"id": own, "time": stamp(), "messaging": [event]}]}
        return [Payload(body, kind, receipt=kind in {"delivery", "read"})]

    def subscribed(self, account: Account) -> list[str]:
        return list(account.webhook.get("fields") or [])

    def act(self, account: Account, act: LabAct) -> list[Payload]:
        return customer.act(self, account, act)

    @abstractmethod
    def read_of(self, message_id: str) -> dict[str, Any]:
        """How it is told that all up to this message was read."""


def stamp() -> int:
    """Now, in milliseconds."""
    return int(datetime.now(UTC).timestamp() * 1000)


def listed_fields(value: Any) -> list[str]:
    """Fields as they may be listed: in an array, or in one text with commas."""
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    return [str(name) for name in value] if isinstance(value, list) else []


# https://developers.facebook.com/docs/messenger-platform/reference/webhook-events and
# https://developers.facebook.com/docs/instagram-platform/webhooks, as far as they are about messages.
KNOWN_FIELDS: Mapping[str, frozenset[str]] = {
    "page": frozenset({
        "messages", "messaging_postbacks", "messaging_optins", "messaging_optouts", "message_deliveries",
        "message_reads", "message_reactions", "message_edits", "message_echoes", "message_context",
        "messaging_referrals", "messaging_handovers", "messaging_policy_enforcement", "messaging_account_linking",
        "messaging_feedback", "messaging_customer_information", "messaging_payments", "messaging_pre_checkouts",
        "messaging_checkout_updates", "messaging_game_plays", "standby", "feed", "inbox_labels", "send_cart",
        "response_feedback", "message_template_status_update",
    }),
    "instagram": frozenset({
        "messages", "messaging_postbacks", "messaging_seen", "messaging_referral", "messaging_optins",
        "messaging_handover", "message_reactions", "message_edit", "standby", "comments", "live_comments",
        "mentions", "story_insights",
    }),
}  # fmt: skip
