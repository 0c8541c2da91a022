import pytest
from pydantic import ValidationError

from activities.addresses import AddressInvalid, address_of
from activities.settings import AdapterSettings
from domain.effects import Channel
from tests.activities.desk import SECRET


@pytest.fixture(autouse=True)
def _a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in AdapterSettings.model_fields:
        monkeypatch.delenv(f"SUNRELAY_{name.upper()}", raising=False)


def test_without_any_setting_everything_is_on_this_machine() -> None:
    settings = AdapterSettings()
    assert settings.store_url.get_secret_value() == "sqlite+aiosqlite:///.sunrelay/cases.db"
    assert (settings.smtp_host, settings.smtp_port) == ("127.0.0.1", 1025)
    assert settings.message_domain == "sunrelay.localhost"
    assert settings.tss_address is None
    assert not settings.allow_http_webhooks


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "STORE_URL": "postgresql://desk:open-sesame@db.example/cases",
        "SMTP_HOST": "mail.example",
        "SMTP_PORT": "587",
        "SMTP_USERNAME": "desk",
        "SMTP_PASSWORD": "open-sesame",
        "SMTP_STARTTLS": "true",
        "MAIL_FROM": "Desk <desk@support.example>",
        "MAIL_DOMAIN": "ids.support.example",
        "WEBHOOK_SECRET": SECRET,
        "ALLOW_HTTP_WEBHOOKS": "1",
        "WEBHOOK_NETWORKS": '["10.1.0.0/16"]',
        "STAFF_ADDRESS": "staff@support.example",
        "TSS_ADDRESS": "https://hooks.support.example/tss",
        "REGION_ADDRESSES": '{"manila": "manila@support.example"}',
    }
    for name, value in given.items():
        monkeypatch.setenv(f"SUNRELAY_{name}", value)
    settings = AdapterSettings()
    assert settings.smtp_port == 587
    assert settings.smtp_starttls
    assert settings.message_domain == "ids.support.example"
    assert settings.region_addresses == {"manila": "manila@support.example"}
    assert str(settings.webhook_networks[0]) == "10.1.0.0/16"
    assert "open-sesame" not in repr(settings)
    assert "open-sesame" not in settings.model_dump_json()
    assert SECRET not in repr(settings)


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUNRELAY_TSS_ADDRESS", "")
    assert AdapterSettings().tss_address is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tss_address", "nobody"),
        ("staff_address", "a@b, c@d"),
        ("region_addresses", {"manila": "ftp://x"}),
        ("webhook_secret", "open-sesame"),
        ("webhook_secret", "whsec_c2hvcnQ="),
        ("smtp_port", 70000),
        ("mail_from", "Support"),
        ("mail_domain", "a b"),
        ("webhook_networks", ["10.0.0.1/8"]),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        AdapterSettings.model_validate({name: value})
    assert name in str(caught.value)
    assert "open-sesame" not in str(caught.value)


def test_one_way_of_encrypting_is_chosen() -> None:
    with pytest.raises(ValidationError, match="smtp_starttls"):
        AdapterSettings(smtp_tls=True, smtp_starttls=True)


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("kim.ng+desk@customer.example", Channel.EMAIL),
        ("root@localhost", Channel.EMAIL),
        ("https://hooks.example/a?b=c", Channel.WEBHOOK),
        ("http://127.0.0.1:8080/", Channel.WEBHOOK),
    ],
)
def test_an_address_is_a_mailbox_or_a_url(text: str, channel: Channel) -> None:
    assert address_of(text).channel is channel


@pytest.mark.parametrize(
    "text",
    ["", "kim", "a b@c.d", "a@b\nc@d", "<a@b>", "ftp://x", "https://a b", "https://a\\b", "javascript:x"],
)
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(AddressInvalid):
        address_of(text)
