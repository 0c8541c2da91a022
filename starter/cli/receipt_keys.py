"""The keys by which this machine signs promises: those its settings name, else those in the desk's home."""

from pathlib import Path

from starter.cli.settings import adapter_settings
from starter.home import Home

FILE = "receipt-key"


def key_file(home: Home) -> Path | None:
    """Name the file of keys, None where there is none. Raises: Fault for wrong settings, or a wrong home."""
    settings = adapter_settings(home.store_setting())
    if settings.receipt_key is not None:
        return settings.receipt_key
    home.check()
    kept = home.path / FILE
    return kept if kept.exists() else None
