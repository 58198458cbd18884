"""Reading a streamed chat completion: bytes in, text out, in one pass and without any waiting.

Source: OpenAI's API reference, "Chat Completions: streaming", read 2026-11.
"""

from typing import Any, Final, TypeGuard

import orjson

from shopwright.kit.sentences import sentence
from shopwright.llm.connecting import said
from shopwright.llm.counting import estimate_prompt_tokens, estimate_tokens_of
from shopwright.llm.port import ChatRequest, Finished, ProviderDown, ProviderError, ProviderRejected

MAX_LINE_BYTES: Final = 1_000_000
MAX_STREAM_BYTES: Final = 8_000_000


class ChatReader:
    """Takes a stream as it comes and keeps what the end of it says.

    A failure does not hide text that came with it: `feed` returns the text, and `failure` says what followed.
    """

    __slots__ = (
        "_key",
        "_left",
        "_pending",
        "_request",
        "_stray",
        "_utf8",
        "done",
        "failure",
        "reason",
        "usage",
    )

    def __init__(self, request: ChatRequest, key: str | None = None) -> None:
        self._request, self._key = request, key
        self._pending, self._stray = b"", bytearray()
        self._left, self._utf8 = MAX_STREAM_BYTES, 0
        self.done = False
        self.failure: ProviderError | None = None
        self.reason: str | None = None
        self.usage: dict[str, Any] | None = None

    def feed(self, part: bytes) -> str:
        """Take bytes of any length and return the text that they complete."""
        self._left -= len(part)
        if self._left < 0:
            self.failure = ProviderDown(sentence("the answer is larger than any answer should be"))
            return ""
        lines = (self._pending + part).split(b"\n")
        self._pending = lines.pop()
        if len(self._pending) > MAX_LINE_BYTES:
            self.failure = ProviderDown(sentence("the stream holds a line without end"))
        text = ""
        for line in lines:
            if line.startswith(b"data:"):
                text += self._take(line[5:])
                if self.failure is not None:
                    break
            elif not self.done:
                self._keep(line)
        self._utf8 += len(text.encode())
        return text

    def _take(self, data: bytes) -> str:
        try:
            event = orjson.loads(data)
        except orjson.JSONDecodeError:
            if data.strip() == b"[DONE]":
                self.done = True
            elif data.strip():
                self.failure = ProviderDown(sentence("the stream holds something that is not JSON"))
            return ""
        if type(event) is not dict:
            self.failure = ProviderDown(sentence("the stream holds JSON that is no event"))
            return ""
        try:
            if event.get("error"):
                self.failure = ProviderDown(sentence("an error in the stream: {said}", said=said(event, self._key)))
                return ""
            if event.get("usage"):
                self.usage = event["usage"]
            choices = event.get("choices")
            if not choices:
                return ""
            choice = choices[0]
            if choice.get("finish_reason"):
                self.reason = choice["finish_reason"]
            delta = choice.get("delta") or choice.get("message")
            content = delta.get("content") if delta else None
        except (AttributeError, TypeError, KeyError, IndexError):
            self.failure = ProviderDown(sentence("the stream holds an event of another shape"))
            return ""
        return content if type(content) is str else ""

    def _keep(self, line: bytes) -> None:
        """Keep what is no event, in case the server answered without a stream."""
        if line.startswith((b":", b"event:", b"id:", b"retry:")) or not line.strip():
            return
        if len(self._stray) < MAX_LINE_BYTES:
            self._stray += line + b"\n"

    def finish(self) -> tuple[str, Finished]:
        """Return the last text and what was used, when the stream has ended.

        Raises:
            ProviderDown: it broke off, was empty, or was no stream.
            ProviderRejected: the provider's filter kept the answer, or all tokens went into thinking.
        """
        text = ""
        if self._pending:  # the last line came without its end
            text = self.feed(b"\n")
        if self.failure is None and self._stray and not self._utf8 and not self.done:
            text += self._take(bytes(self._stray))
            self._utf8 += len(text.encode())
        if self.failure is not None:
            raise self.failure
        if not self.done and self.reason is None:
            raise ProviderDown(sentence("the connection ended before the answer was complete"))
        if not self._utf8:
            if self.reason == "content_filter":
                raise ProviderRejected(sentence("its content filter kept the answer back"))
            if self.reason == "length":
                raise ProviderRejected(sentence("the length limit was used up before any text; raise max_tokens"))
            raise ProviderDown(sentence("the answer is empty"))
        return text, self._finished()

    def _finished(self) -> Finished:
        usage = self.usage if isinstance(self.usage, dict) else {}
        prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
        return Finished(
            prompt_tokens=prompt if _is_count(prompt) else estimate_prompt_tokens(self._request),
            completion_tokens=completion if _is_count(completion) else estimate_tokens_of(self._utf8),
            cut=self.reason in {"length", "content_filter"},
        )


def _is_count(value: Any) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < 1_000_000_000
