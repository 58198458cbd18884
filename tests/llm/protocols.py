"""What each provider sends, in its own protocol, for the contract that all of them keep."""

import binascii
import json
import struct
from dataclasses import dataclass
from typing import Any

from tests.llm.peer import Answer, Ending, Received

KEY = "sk-very-secret-0123456789"


def sse(event: Any, name: str | None = None) -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(event)}\n\n".encode()


@dataclass
class Protocol:
    """The OpenAI protocol; the others change what is different."""

    provider_type: str
    model: str = "gpt-4o-mini"
    settings: dict[str, Any] | None = None
    content_type: str = "text/event-stream"
    key: str = KEY

    def texts(self, texts: list[str]) -> list[bytes]:
        return [sse({"choices": [{"index": 0, "delta": {"content": text}}]}) for text in texts]

    def end(self, prompt: int, completion: int, *, cut: bool = False) -> list[bytes]:
        reason = "length" if cut else "stop"
        usage = {"prompt_tokens": prompt, "completion_tokens": completion} if completion else None
        return [
            sse({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}),
            sse({"choices": [], "usage": usage}),
            b"data: [DONE]\n\n",
        ]

    def begin(self, prompt: int = 11) -> list[bytes]:
        return [sse({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})]

    def answer(self, texts: list[str], *, cut: bool = False, headers: dict[str, str] | None = None) -> Answer:
        parts = self.begin() + self.texts(texts) + self.end(11, 7, cut=cut)
        return Answer(parts, content_type=self.content_type, headers=headers or {})

    def broken(self, texts: list[str], ending: Ending) -> Answer:
        return Answer(self.begin() + self.texts(texts), content_type=self.content_type, ending=ending)

    def malformed(self, texts: list[str]) -> Answer:
        parts = [*self.begin(), *self.texts(texts), b'data: {"choices": [{\n\n']
        return Answer(parts, content_type=self.content_type)

    def error(self, status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
        body = json.dumps({"error": {"message": message, "type": "some_error"}}).encode()
        return Answer([body], status=status, headers=headers or {})

    def error_in_stream(self, message: str) -> Answer:
        return Answer([sse({"error": {"message": message}})], content_type=self.content_type)

    def models(self, names: list[str]) -> Answer:
        return Answer([json.dumps({"data": [{"id": name} for name in names]}).encode()])

    def asked(self, received: Received) -> dict[str, Any]:
        """What the request said, in one shape for all."""
        body = json.loads(received.body)
        return {
            "texts": [message["content"] for message in body["messages"]],
            "max_tokens": body.get("max_tokens", body.get("max_completion_tokens")),
            "temperature": body.get("temperature"),
        }


class Anthropic(Protocol):
    def begin(self, prompt: int = 11) -> list[bytes]:
        message = {
            "id": "m", "type": "message", "role": "assistant", "content": [], "model": self.model,
            "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": prompt, "output_tokens": 0},
        }  # fmt: skip
        block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
        return [
            sse({"type": "message_start", "message": message}, "message_start"),
            sse(block, "content_block_start"),
        ]

    def texts(self, texts: list[str]) -> list[bytes]:
        name = "content_block_delta"
        deltas = [{"type": "text_delta", "text": text} for text in texts]
        return [sse({"type": name, "index": 0, "delta": delta}, name) for delta in deltas]

    def end(self, prompt: int, completion: int, *, cut: bool = False) -> list[bytes]:
        delta = {"stop_reason": "max_tokens" if cut else "end_turn", "stop_sequence": None}
        usage = {"output_tokens": completion}
        return [
            sse({"type": "content_block_stop", "index": 0}, "content_block_stop"),
            sse({"type": "message_delta", "delta": delta, "usage": usage}, "message_delta"),
            sse({"type": "message_stop"}, "message_stop"),
        ]

    def malformed(self, texts: list[str]) -> Answer:
        parts = [*self.begin(), *self.texts(texts), b"event: content_block_delta\ndata: {\n\n"]
        return Answer(parts, content_type=self.content_type)

    def error(self, status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
        body = json.dumps({"type": "error", "error": {"type": "some_error", "message": message}}).encode()
        return Answer([body], status=status, headers=headers or {})

    def error_in_stream(self, message: str) -> Answer:
        event = {"type": "error", "error": {"type": "api_error", "message": message}}
        return Answer([sse(event, "error")], content_type=self.content_type)

    def asked(self, received: Received) -> dict[str, Any]:
        body = json.loads(received.body)
        system = body.get("system", "")
        texts = [system if isinstance(system, str) else system[0]["text"]]
        for message in body["messages"]:
            content = message["content"]
            texts.append(content if isinstance(content, str) else content[0]["text"])
        return {"texts": texts, "max_tokens": body["max_tokens"], "temperature": body.get("temperature")}


class Google(Protocol):
    def begin(self, prompt: int = 11) -> list[bytes]:
        return []

    def texts(self, texts: list[str]) -> list[bytes]:
        return [sse({"candidates": [{"content": {"role": "model", "parts": [{"text": t}]}}]}) for t in texts]

    def end(self, prompt: int, completion: int, *, cut: bool = False) -> list[bytes]:
        reason = "MAX_TOKENS" if cut else "STOP"
        usage = {"promptTokenCount": prompt, "candidatesTokenCount": completion}
        usage["totalTokenCount"] = prompt + completion
        candidate = {"content": {"role": "model", "parts": [{"text": ""}]}, "finishReason": reason}
        return [sse({"candidates": [candidate], "usageMetadata": usage})]

    def malformed(self, texts: list[str]) -> Answer:
        parts = [*self.texts(texts), b'data: {"candidates": [{\n\n']
        return Answer(parts, content_type=self.content_type)

    def error(self, status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
        error = {"code": status, "message": message, "status": "SOME_STATUS"}
        return Answer([json.dumps({"error": error}).encode()], status=status, headers=headers or {})

    def error_in_stream(self, message: str) -> Answer:
        event = {"error": {"code": 500, "message": message, "status": "INTERNAL"}}
        return Answer([sse(event)], content_type=self.content_type)

    def models(self, names: list[str]) -> Answer:
        return Answer([json.dumps({"models": [{"name": f"models/{name}"} for name in names]}).encode()])

    def asked(self, received: Received) -> dict[str, Any]:
        body = json.loads(received.body)
        system = body["systemInstruction"]["parts"][0]["text"]
        config = body["generationConfig"]
        return {
            "texts": [system, *(content["parts"][0]["text"] for content in body["contents"])],
            "max_tokens": config["maxOutputTokens"],
            "temperature": config.get("temperature"),
        }


class Bedrock(Protocol):
    """Amazon's event stream: length, headers and checksums around each event, all binary."""

    @staticmethod
    def frame(kind: str, payload: Any, message_type: str = "event") -> bytes:
        body = json.dumps(payload).encode()
        names = {f":{message_type}-type": kind, ":content-type": "application/json"}
        names[":message-type"] = message_type
        head = b""
        for name, value in names.items():
            head += bytes([len(name)]) + name.encode()
            head += b"\x07" + struct.pack("!H", len(value)) + value.encode()
        prelude = struct.pack("!II", 16 + len(head) + len(body), len(head))
        prelude += struct.pack("!I", binascii.crc32(prelude))
        message = prelude + head + body
        return message + struct.pack("!I", binascii.crc32(message))

    def begin(self, prompt: int = 11) -> list[bytes]:
        return [self.frame("messageStart", {"role": "assistant"})]

    def texts(self, texts: list[str]) -> list[bytes]:
        kind = "contentBlockDelta"
        return [self.frame(kind, {"contentBlockIndex": 0, "delta": {"text": text}}) for text in texts]

    def end(self, prompt: int, completion: int, *, cut: bool = False) -> list[bytes]:
        usage = {"inputTokens": prompt, "outputTokens": completion, "totalTokens": prompt + completion}
        return [
            self.frame("contentBlockStop", {"contentBlockIndex": 0}),
            self.frame("messageStop", {"stopReason": "max_tokens" if cut else "end_turn"}),
            self.frame("metadata", {"usage": usage, "metrics": {"latencyMs": 1}}),
        ]

    def malformed(self, texts: list[str]) -> Answer:
        parts = [
            *self.begin(),
            *self.texts(texts),
            b"\x00\x00\x00\x20 this is no frame at all, not one",
        ]
        return Answer(parts, content_type=self.content_type)

    def error(self, status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
        names = {401: "UnrecognizedClientException", 403: "AccessDeniedException", 429: "ThrottlingException"}
        name = names.get(status, "InternalServerException" if status >= 500 else "ValidationException")
        body = json.dumps({"message": message}).encode()
        return Answer([body], status=status, headers={"x-amzn-errortype": name, **(headers or {})})

    def error_in_stream(self, message: str) -> Answer:
        frame = self.frame("internalServerException", {"message": message}, "exception")
        return Answer([frame], content_type=self.content_type)

    def models(self, names: list[str]) -> Answer:
        rows = [{"modelId": name, "modelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{name}"} for name in names]
        return Answer([json.dumps({"modelSummaries": rows}).encode()])

    def asked(self, received: Received) -> dict[str, Any]:
        body = json.loads(received.body)
        config = body["inferenceConfig"]
        return {
            "texts": [body["system"][0]["text"], *(m["content"][0]["text"] for m in body["messages"])],
            "max_tokens": config["maxTokens"],
            "temperature": config.get("temperature"),
        }


PROTOCOLS = {
    "openai": Protocol("openai"),
    "azure_openai": Protocol("azure_openai"),
    "ollama": Protocol("ollama"),
    "openai_compatible": Protocol("openai_compatible"),
    "anthropic": Anthropic("anthropic", model="claude-haiku-4-5"),
    "google": Google("google", model="gemini-2.5-flash"),
    "bedrock": Bedrock(
        "bedrock",
        model="amazon.nova-lite-v1:0",
        settings={"region": "us-east-1"},
        content_type="application/vnd.amazon.eventstream",
        key="AKIDEXAMPLE00000:very-secret-0123456789",
    ),
}
