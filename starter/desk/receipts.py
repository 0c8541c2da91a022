"""The signed records of promises as a part of the desk: the key that signs them, and who can check them."""

from starter.cli.command import Door
from starter.cli.receipt_keys import FILE
from starter.cli.settings import adapter_settings
from starter.door.faults import Fault, Kind


def plan_receipts(door: Door, port: int, *, mails_stay: bool) -> dict[str, str]:
    """Say what worker and web door are told: the key that is set, else the desk's own, made on first use.

    Where mails leave this computer (not `mails_stay`) letters lead to no page: nobody could open it.
    Raises: Fault for settings that are wrong, or for a home that cannot be used.
    """
    # What needs the keys needs the library behind them, and no other command does.
    from activities.receipts.key_file import make_keys  # noqa: PLC0415

    settings = adapter_settings(door.home.store_setting())
    told = {}
    if settings.receipt_key is None:
        file = door.home.path / FILE
        try:
            if not file.exists():
                make_keys(file)
        except OSError as error:
            reason = f"{file} cannot be made: {error.strerror or error}"
            raise Fault(
                Kind.FAULT, "HomeUnusable", reason, "set SUNRELAY_HOME to a directory of your own"
            ) from None
        told["SUNRELAY_RECEIPT_KEY"] = str(file)
    if settings.receipt_url is None and mails_stay:
        told["SUNRELAY_RECEIPT_URL"] = f"http://127.0.0.1:{port}"
    return told
