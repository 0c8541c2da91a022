"""A small identity provider: discovery, keys, a page that signs Priya in, tokens. Real HTTP on loopback."""

import asyncio
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

CLIENT = "sunrelay-board"
API = "https://sunrelay.example/api"


@contextmanager
def provider_in_a_thread() -> Iterator["IdentityProvider"]:
    """A provider that answers while a test waits for another process."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    running = IdentityProvider()
    running.now = int(time.time())
    asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result()
    try:
        yield running
    finally:
        asyncio.run_coroutine_threadsafe(running.__aexit__(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class IdentityProvider:
    """Signs what it is told to; `asked` are the requests it got, in order."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {
            "RS256": RSAKey.generate_key(2048, {"kid": "rsa-1"}, auto_kid=False),
            "ES256": ECKey.generate_key("P-256", {"kid": "ec-1"}),
            "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "ed-1"}),
        }
        self.asked: list[str] = []
        self.claims: dict[str, Any] = {"sub": "p-1", "email": "Priya@acme.example", "email_verified": True}
        self.document: dict[str, Any] = {}
        self.whole: dict[str, Any] | None = None
        self.spoil: dict[str, Any] = {}
        self._codes: dict[str, dict[str, str]] = {}
        self._server: asyncio.Server
        self.now = 0

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/realm"

    def token(self, alg: str = "RS256", header: dict[str, Any] | None = None, **claims: Any) -> str:
        """An access token that is right but for what is given; a claim that is None is left out."""
        key = self.keys[alg]
        said = {
            "iss": self.issuer,
            "aud": API,
            "iat": self.now,
            "exp": self.now + 300,
            **self.claims,
            **claims,
        }
        head = {"alg": alg, "kid": key.kid, "typ": "at+jwt", **(header or {})}
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({k: v for k, v in head.items() if v is not None}, said, key, algorithms=[alg])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
        method, target, _ = head[0].split(" ")
        self.asked.append(f"{method} {urlsplit(target).path}")
        status, more, answer = self._answer(target, dict(parse_qsl(body)))
        whole = (
            f"HTTP/1.1 {status} X\r\n{more}content-length: {len(answer)}\r\nconnection: close\r\n\r\n{answer}"
        )
        writer.write(whole.encode())
        await writer.drain()
        writer.close()

    def _answer(self, target: str, form: dict[str, str]) -> tuple[int, str, str]:
        parts = urlsplit(target)
        given = dict(parse_qsl(parts.query))
        match parts.path.removeprefix("/realm"):
            case "/.well-known/openid-configuration":
                return 200, "", json.dumps((self.whole or self._discovery()) | self.document)
            case "/keys":
                return 200, "", json.dumps(KeySet(list(self.keys.values())).as_dict())
            case "/authorize":
                code = f"code-{len(self._codes)}"
                self._codes[code] = given
                back = {"code": code, "state": given["state"], "iss": self.issuer}
                return 302, f"location: {given['redirect_uri']}?{urlencode(back)}\r\n", ""
            case "/token":
                return self._exchange(form)
        return 404, "", "{}"

    def _exchange(self, form: dict[str, str]) -> tuple[int, str, str]:
        asked = self._codes.pop(form["code"], None)
        digest = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if (
            asked is None
            or digest != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, "", '{"error": "invalid_grant"}'
        said = {"aud": CLIENT, "nonce": asked["nonce"], **self.spoil}
        return (
            200,
            "",
            json.dumps({"id_token": self.token(header={"typ": "JWT"}, **said), "access_token": "x"}),
        )

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": True,
        }
