"""Where a desk keeps its files, and how other commands find a desk that is running.

Plain files only, for their owner alone (folders 0700, files 0600). A desk holds a lock as
long as it or its server lives, so that two never share one database file, and a desk that was killed is not
mistaken for a running one.
"""

import json
import logging
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from starter.door import private_folder
from starter.door.faults import Fault, Kind

if sys.platform != "win32":  # where no desk runs, and no lock is ever found
    import fcntl

_OURS = (
    "*.db*",
    "*.log*",
    "desk.*",
    "survey-*",
    "receipt-key*",
    "vendor*",
    "mail",
    "mail/*",
    "bin",
    "bin/*",
    "contents",
)
"""What desks and workers keep in a home: databases, logs, process ids, keys, mails, the server's program."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeskRecord:
    """Where a running desk can be reached: addresses, and the process ids of its parts."""

    address: str
    namespace: str
    ui: str | None
    pid: int
    server_pid: int | None
    worker_pid: int | None
    web: str | None = None


@dataclass(frozen=True)
class Home:
    """The directory of one desk: `SUNRELAY_HOME`, or `.sunrelay` where the command is typed."""

    path: Path

    @classmethod
    def current(cls) -> "Home":
        """Return the directory named by the environment."""
        return cls(Path(os.environ.get("SUNRELAY_HOME") or ".sunrelay").absolute())

    def prepare(self) -> None:
        """Make the directory its owner's alone, and whatever this process and its children write from now on.

        One of ours that others could read is narrowed, and that is said. Raises: Fault where it is not ours,
        everybody may write in it, or it cannot be made.
        """
        try:
            narrowed = private_folder.make(self.path, _OURS)
            os.umask(private_folder.UMASK)
            self.mail.mkdir(exist_ok=True)
        except (OSError, private_folder.NotPrivate) as error:
            raise self._unusable(error) from None
        if narrowed:
            _log.warning("%s could be read by others; from now on it is yours alone", self.path)

    def check(self) -> None:
        """Refuse a directory that is not ours, before anything in it is believed. Raises: Fault."""
        try:
            private_folder.check(self.path)
        except FileNotFoundError:
            return
        except (OSError, private_folder.NotPrivate) as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> Fault:
        reason = f"{self.path}: {error.strerror}" if isinstance(error, OSError) else str(error)
        return Fault(Kind.FAULT, "HomeUnusable", reason, "set SUNRELAY_HOME to a directory of your own")

    def keep(self, name: str, text: str) -> None:
        """Write a small file for its owner alone, all of it or nothing. Raises: OSError."""
        private_folder.write(self.path / name, text)

    @property
    def mail(self) -> Path:
        """Where the local mail sink keeps its mails."""
        return self.path / "mail"

    @property
    def contents(self) -> Path:
        """Where the contents of files are kept, unless a setting names another folder."""
        return self.path / "contents"

    @property
    def server_database(self) -> Path:
        """The file of the embedded Temporal server."""
        return self.path / "temporal.db"

    def store_setting(self) -> dict[str, str]:
        """Name where the case store is, unless the environment or a secret file names another one.

        Raises: Fault for a directory that is not ours.
        """
        if os.environ.get("SUNRELAY_STORE_URL") or _is_secret_file("sunrelay_store_url"):
            return {}
        self.check()
        return {"store_url": f"sqlite+aiosqlite:///{self.path / 'cases.db'}"}

    def log(self, part: str) -> Path:
        """Return the log file of one part of the desk."""
        return self.path / f"{part}.log"

    @property
    def _record(self) -> Path:
        return self.path / "desk.json"

    def lock(self) -> int | None:
        """Take the desk's lock and return its descriptor, or None where another desk has it.

        The embedded server inherits it: it outlives a desk that was killed as long as the server does.
        """
        descriptor = os.open(self.path / "desk.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return descriptor

    def publish(self, record: DeskRecord) -> None:
        """Tell other commands where the desk is."""
        self.keep(self._record.name, json.dumps(asdict(record), indent=2) + "\n")

    def withdraw(self) -> None:
        """Say that the desk is closed."""
        self._record.unlink(missing_ok=True)

    def desk(self) -> DeskRecord | None:
        """Say where the running desk of this directory is, if there is one.

        Raises: Fault for a directory that is not ours: its desk would be told what is meant for another.
        """
        self.check()
        try:
            record = DeskRecord(**json.loads(self._record.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return record if self._is_locked() else None

    def _is_locked(self) -> bool:
        try:
            descriptor = os.open(self.path / "desk.lock", os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)


def _is_secret_file(name: str) -> bool:
    """Tell whether a setting is a file with something in it (activities.settings reads it)."""
    place = os.environ.get("SUNRELAY_SECRETS_DIR")
    file = Path(place or ".") / name
    return bool(place) and file.is_file() and file.stat().st_size > 0
