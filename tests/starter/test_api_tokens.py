"""The API takes the tokens of the provider its settings name, and lets nobody in by any other."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.identity_provider import CLIENT, IdentityProvider
from tests.starter.api_client import Api


@pytest.fixture(scope="module")
def theirs(api: Api) -> Api:
    """The API, and somebody whose address the provider knows."""
    given = ("--role", "customer", "--tenant", "Acme Tokens", "--email", "priya@acme.example")
    assert api.run("people", "add", "Priya", *given).code == 0
    return api


def _asked(api: Api, token: str) -> tuple[int, str]:
    answer = api.get("/v1/me", as_=None, Authorization=f"Bearer {token}")
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_a_token_of_the_provider_opens_the_api_as_the_person_of_the_store(
    theirs: Api, issuer: IdentityProvider, alg: str
) -> None:
    told = theirs.get("/v1/me", as_=None, Authorization=f"Bearer {issuer.token(alg)}").json()
    assert told["credential"] == f"{issuer.issuer}/p-1"
    actor = told["actor"]
    assert (actor["name"], actor["kind"], actor["tenant"], actor["door"]) == (
        "Priya",
        "customer",
        "Acme Tokens",
        "api",
    )


def _coded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")


def _head(alg: str) -> str:
    return _coded(json.dumps({"alg": alg, "kid": "rsa-1"}).encode())


def _unsigned(issuer: IdentityProvider) -> str:
    return f"{_head('none')}.{issuer.token().split('.')[1]}."


def _signed_with_the_public_key(issuer: IdentityProvider) -> str:
    said = f"{_head('HS256')}.{issuer.token().split('.')[1]}"
    public = issuer.keys["RS256"].as_pem(private=False)
    return f"{said}.{_coded(hmac.digest(public, said.encode(), 'sha256'))}"


def _signed_by_another(issuer: IdentityProvider) -> str:
    claims = jwt.decode(issuer.token(), issuer.keys["RS256"], algorithms=["RS256"]).claims
    other = RSAKey.generate_key(2048, {"kid": "rsa-1"}, auto_kid=False)
    return jwt.encode({"alg": "RS256", "kid": "rsa-1", "typ": "at+jwt"}, claims, other, algorithms=["RS256"])


FORGED: dict[str, Callable[[IdentityProvider], str]] = {
    "alg=none": _unsigned,
    "HS256 with the public key": _signed_with_the_public_key,
    "another key of the same name": _signed_by_another,
    "the key of another algorithm": lambda issuer: issuer.token("RS256", {"kid": "ec-1"}),
    "another issuer": lambda issuer: issuer.token(iss="https://evil.example"),
    "for a client": lambda issuer: issuer.token(aud=CLIENT),
    "expired": lambda issuer: issuer.token(exp=issuer.now - 61),
    "without an end": lambda issuer: issuer.token(exp=None),
    "an ID token": lambda issuer: issuer.token(nonce="n"),
    "of nobody here": lambda issuer: issuer.token(sub="p-2", email="eve@evil.example"),
    "of an unverified address": lambda issuer: issuer.token(sub="p-3", email_verified=False),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_no_other_token_opens_the_api(
    theirs: Api, issuer: IdentityProvider, forge: Callable[[IdentityProvider], str]
) -> None:
    assert _asked(theirs, forge(issuer)) == (401, "Unauthenticated")
    assert _asked(theirs, issuer.token())[0] == 200


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ISSUER": "https://id.example"}, "set together"),
        ({"ISSUER": "https://id.example", "AUDIENCE": "a", "CLIENT_ID": "a"}, "another than the client's"),
        ({"ALGORITHMS": '["none"]'}, "SUNRELAY_OIDC_ALGORITHMS"),
        ({"ALGORITHMS": '["HS256"]'}, "SUNRELAY_OIDC_ALGORITHMS"),
    ],
)
def test_settings_that_would_let_anybody_in_are_refused(
    theirs: Api, settings: dict[str, str], said: str
) -> None:
    given = {f"SUNRELAY_OIDC_{name}": value for name, value in settings.items()}
    answer = theirs.run("web", "serve", **given)
    assert answer.code == 2
    assert said in answer.err
