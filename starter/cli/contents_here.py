"""Where this machine's settings have the contents of files: a folder that is its owner's alone."""

from pydantic import ValidationError

from activities.contents.folder import Contents, Folder
from activities.contents.settings import ContentsSettings
from starter.door import private_folder
from starter.door.faults import Fault, Kind, usage
from starter.home import Home


def contents_here(home: Home) -> Contents:
    """Return the folder, made where there is none. Raises: Fault where it is not ours, or a setting wrong."""
    try:
        settings = ContentsSettings()
    except ValidationError as error:
        wrong = [f"SUNRELAY_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors()]
        raise usage("; ".join(wrong), "fix the environment of this process") from None
    if settings.contents_dir is None:
        home.prepare()
    place = (settings.contents_dir or home.contents).absolute()
    try:
        private_folder.make(place, ())
    except (OSError, private_folder.NotPrivate) as error:
        reason = f"{place}: {error.strerror}" if isinstance(error, OSError) else str(error)
        remedy = "set SUNRELAY_CONTENTS_DIR to a folder of your own"
        raise Fault(Kind.FAULT, "ContentsUnusable", reason, remedy) from None
    return Contents(Folder(place), settings.contents_per_tenant)
