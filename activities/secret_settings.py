"""Where settings come from: the environment, and behind it a directory of secret files."""

import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsError,
)


class SecretFiles(SecretsSettingsSource):
    """Read a directory that has one file a setting; an empty file is a setting that is not set.

    Raises: ValidationError for a file that may not or cannot be read, naming it and never its content.
    """

    def __call__(self) -> dict[str, Any]:
        """Return what stands in the files, by the names of the fields."""
        try:
            found = super().__call__()
        except SettingsError as error:
            raise _unreadable(f"{error}: {error.__cause__}") from None
        return {name: value for name, value in found.items() if value != ""}


class SecretSettings(BaseSettings):
    """Settings from the environment, and from a directory of secret files where one is named and there."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the secret files behind the environment."""
        place = os.environ.get("SUNRELAY_SECRETS_DIR")
        files = (SecretFiles(settings_cls, place),) if place and Path(place).is_dir() else ()
        return (init_settings, env_settings, *files)


def _unreadable(reason: str) -> ValidationError:
    # Not the SettingsError itself: those who open settings report one kind of error, in one line.
    told = InitErrorDetails(
        type="value_error", loc=("secrets_dir",), input="", ctx={"error": ValueError(reason)}
    )
    return ValidationError.from_exception_data("secrets", [told])
