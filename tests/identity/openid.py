"""An OpenID provider of our own on loopback. It checks what it is sent, and mints whatever token a test asks for."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

Json = dict[str, Any]
CLIENT_ID, CLIENT_SECRET = "shopwright at this provider", "a secret: with signs/"


def _plain(part: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@dataclass
class OpenId:
    """`person` is who signs in; `claims` changes an ID token before it is signed, `sign` does the signing."""

    person: Json = field(default_factory=dict)
    claims: Callable[[Json], Json] = lambda claims: claims
    sign: Callable[["OpenId", Json], str] | None = None
    userinfo: Json | None = None
    discovery: Json = field(default_factory=dict)
    port: int = 0
    # A port comes back within a run, and what was learnt of an issuer is remembered.
    name: str = field(default_factory=lambda: secrets.token_hex(4))
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}))
    asked: list[str] = field(default_factory=list)
    codes: dict[str, Json] = field(default_factory=dict)
    access_tokens: set[str] = field(default_factory=set)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/{self.name}"

    @classmethod
    @asynccontextmanager
    async def started(cls) -> AsyncIterator["OpenId"]:
        provider = cls()
        server = await asyncio.start_server(provider._serve, "127.0.0.1", 0)
        provider.port = server.sockets[0].getsockname()[1]
        try:
            yield provider
        finally:
            server.close()

    def authorize(self, address: str) -> str:
        """What a browser does at the provider: the person agrees. Returns where it is sent back to."""
        query = dict(parse_qsl(urlsplit(address).query))
        assert query["client_id"] == CLIENT_ID
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def rotate(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})

    def signed(self, claims: Json, *, key: RSAKey | None = None) -> str:
        key = key or self.key
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, key)

    def unsigned(self, claims: Json) -> str:
        return f"{_plain({'alg': 'none'})}.{_plain(claims)}."

    def signed_with_public_key(self, claims: Json) -> str:
        head = f"{_plain({'alg': 'HS256', 'kid': self.key.kid})}.{_plain(claims)}"
        digest = hmac.digest(self.key.as_pem(private=False), head.encode(), "sha256")
        return f"{head}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, Json]:
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        pair = urlencode({CLIENT_ID: CLIENT_SECRET}).replace("=", ":", 1)
        expected = "Basic " + base64.b64encode(pair.encode()).decode()
        if asked is None or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if authorization != expected:
            return 401, {"error": "invalid_client"}
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "sub": self.person["sub"], "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **(self.person if self.userinfo is None else {}),
        }  # fmt: skip
        claims = self.claims(claims)
        token = self.sign(self, claims) if self.sign else self.signed(claims)
        access_token = secrets.token_urlsafe(16)
        self.access_tokens.add(access_token)
        return 200, {"token_type": "Bearer", "access_token": access_token, "id_token": token, "expires_in": 300}

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Json]:
        authorization = headers.get("authorization", "")
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys", **self.discovery,
            }  # fmt: skip
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        if path == "/token":
            return self._token(dict(parse_qsl(body.decode())), authorization)
        if path == "/userinfo" and authorization.removeprefix("Bearer ") in self.access_tokens:
            return 200, self.userinfo or self.person
        return 404, {}

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                first, *lines = head.split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                path = first.split(" ")[1].removeprefix(f"/{self.name}")
                self.asked.append(path)
                status, said = self._answer(path, headers, body)
                data = json.dumps(said).encode()
                kind = f"content-type: application/json\r\ncontent-length: {len(data)}"
                writer.write(f"HTTP/1.1 {status} X\r\n{kind}\r\n\r\n".encode() + data)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
