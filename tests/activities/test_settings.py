import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from activities.addresses import AddressInvalid, address_of
from activities.settings import AdapterSettings
from activities.store.database import database_url
from domain.effects import Channel
from starter.home import Home
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
        "REPLIES_TO": "Die Helfer: 窓口 <help@support.example>",
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
    assert settings.replies_address == "help@support.example"
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
        ("mail_from", "Desk <a@b.example>, Help <c@d.example>"),
        ("replies_to", "nobody"),
        ("replies_to", "a@b.example, c@d.example"),
        ("replies_to", "https://hooks.support.example/replies"),
        ("replies_to", "jörg@support.example"),
        ("mail_domain", "a b"),
        ("webhook_networks", ["10.0.0.1/8"]),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        AdapterSettings.model_validate({name: value})
    assert name in str(caught.value)
    assert "open-sesame" not in str(caught.value)


@pytest.fixture
def secret_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory of secret files that any user may look into, as a container has one."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        monkeypatch.setenv("SUNRELAY_SECRETS_DIR", name)
        yield place


def test_a_secret_comes_from_a_file_and_the_end_of_its_line_does_not_belong_to_it(secret_files: Path) -> None:
    (secret_files / "sunrelay_smtp_password").write_text("open-sesame\n")
    (secret_files / "sunrelay_webhook_secret").write_text(f"{SECRET}\n")
    settings = AdapterSettings()
    assert settings.smtp_password is not None
    assert settings.smtp_password.get_secret_value() == "open-sesame"
    assert settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == SECRET
    assert "open-sesame" not in repr(settings)


def test_an_empty_secret_file_is_not_set(secret_files: Path) -> None:
    (secret_files / "sunrelay_webhook_secret").touch()
    (secret_files / "sunrelay_smtp_password").write_text("\n")
    assert AdapterSettings().webhook_secret is None
    assert AdapterSettings().smtp_password is None


def test_a_variable_goes_before_its_secret_file(secret_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secret_files / "sunrelay_smtp_password").write_text("open-sesame")
    monkeypatch.setenv("SUNRELAY_SMTP_PASSWORD", "other")
    password = AdapterSettings().smtp_password
    assert password is not None
    assert password.get_secret_value() == "other"


def test_a_wrong_secret_file_is_named_and_what_it_says_is_not(secret_files: Path) -> None:
    (secret_files / "sunrelay_webhook_secret").write_text("open-sesame")
    with pytest.raises(ValidationError) as caught:
        AdapterSettings()
    assert "webhook_secret" in str(caught.value)
    assert "open-sesame" not in str(caught.value)


def test_a_secret_file_that_may_not_be_read_is_named(secret_files: Path) -> None:
    file = secret_files / "sunrelay_smtp_password"
    file.write_text("open-sesame")
    file.chmod(0)
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)  # root may read everything
    try:
        with pytest.raises(ValidationError, match="sunrelay_smtp_password") as caught:
            AdapterSettings()
    finally:
        os.seteuid(me)
    assert caught.value.errors()[0]["loc"] == ("secrets_dir",)


def test_a_secret_file_that_is_no_text_is_named(secret_files: Path) -> None:
    (secret_files / "sunrelay_smtp_password").write_bytes(b"open-sesame \xff")
    with pytest.raises(ValidationError, match="smtp_password") as caught:
        AdapterSettings()
    assert "open-sesame" not in str(caught.value)


def test_a_directory_of_secrets_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUNRELAY_SECRETS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(ValidationError, match="secrets_dir"):
        AdapterSettings()


@pytest.mark.parametrize("password", ["open-sesame", "a/b@c:d?e#f%g ", "ä"])
def test_the_store_s_password_is_put_into_its_url(
    secret_files: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    (secret_files / "sunrelay_store_password").write_text(password)
    monkeypatch.setenv("SUNRELAY_STORE_URL", "postgresql://desk@db.example:5432/cases")
    url = database_url(AdapterSettings().store_url.get_secret_value())
    assert (url.username, url.password) == ("desk", password.strip())
    assert (url.host, url.port, url.database) == ("db.example", 5432, "cases")


@pytest.mark.parametrize("url", ["postgresql://desk:other@db.example/cases", "sqlite:///cases.db"])
def test_a_password_that_would_not_be_used_is_refused(
    secret_files: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    (secret_files / "sunrelay_store_password").write_text("open-sesame")
    monkeypatch.setenv("SUNRELAY_STORE_URL", url)
    with pytest.raises(ValidationError, match="store_password"):
        AdapterSettings()


def test_a_store_named_by_a_secret_file_goes_before_the_one_at_home(secret_files: Path) -> None:
    (secret_files / "sunrelay_store_url").write_text("postgresql://desk:open-sesame@db.example/cases\n")
    settings = AdapterSettings.model_validate(Home.current().store_setting())
    assert settings.store_url.get_secret_value() == "postgresql://desk:open-sesame@db.example/cases"


def test_a_store_that_no_secret_file_names_is_the_one_at_home(secret_files: Path) -> None:
    (secret_files / "sunrelay_store_url").touch()
    assert Home.current().store_setting()["store_url"].startswith("sqlite")


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
