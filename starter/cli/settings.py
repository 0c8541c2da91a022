"""The settings of this machine as commands read them; whatever is wrong with them is told at once."""

from collections.abc import Mapping

from pydantic import ValidationError

from activities.settings import AdapterSettings
from starter.door.faults import Fault, usage


def adapter_settings(given: Mapping[str, str]) -> AdapterSettings:
    """Read the settings of the adapters, these and the environment's. Raises: Fault (usage)."""
    try:
        return AdapterSettings.model_validate(given)
    except ValidationError as error:
        raise wrong_settings(error, "SUNRELAY_") from None


def wrong_settings(error: ValidationError, prefix: str) -> Fault:
    """Return what is said of an environment that is no setting of ours, each variable by its name."""
    wrong = [
        f"{prefix}{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}"
        for one in error.errors(include_input=False, include_url=False)
    ]
    return usage("; ".join(wrong), "fix the environment of this door")
