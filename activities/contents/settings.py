"""What is told of the contents of files: where they lie, and how much a tenant may have."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ContentsSettings(BaseSettings):
    """What is read where files are taken or given out: SUNRELAY_CONTENTS_DIR, _CONTENTS_PER_TENANT."""

    model_config = SettingsConfigDict(env_prefix="SUNRELAY_", env_ignore_empty=True)

    contents_dir: Path | None = None
    """The folder of files' contents, `contents` in the desk's home without it; web doors share one."""

    contents_per_tenant: int = Field(default=1_000_000_000, ge=0)
    """Bytes the files of one tenant may have, all cases together."""
