"""Where a desk keeps its files, and how other commands find a desk that is running.

Part of the doors; plain files only. A desk holds a lock as long as it or its server lives, so that two
never share one database file, and a desk that was killed is not mistaken for a running one.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from starter.faults import Exit, Fault


@dataclass(frozen=True)
class DeskRecord:
    """Where a running desk can be reached: addresses, and the process ids of its parts."""

    address: str
    namespace: str
    ui: str | None
    pid: int
    server_pid: int | None
    worker_pid: int | None


@dataclass(frozen=True)
class Home:
    """The directory of one desk: `SUNRELAY_HOME`, or `.sunrelay` where the command is typed."""

    path: Path

    @classmethod
    def current(cls) -> "Home":
        """This will be the directory named by the environment."""
        return cls(Path(os.environ.get("SUNRELAY_HOME") or ".sunrelay").absolute())

    def prepare(self) -> None:
        """This will make the directory. Raises: Fault where that is not possible."""
        try:
            self.mail.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Fault(
                Exit.FAULT,
                "HomeUnusable",
                f"{self.path}: {error.strerror}",
                "set SUNRELAY_HOME to a directory",
            ) from None

    @property
    def mail(self) -> Path:
        """This will be where the local mail sink keeps its mails."""
        return self.path / "mail"

    @property
    def server_database(self) -> Path:
        """This will be the file of the embedded Temporal server."""
        return self.path / "temporal.db"

    def store_setting(self) -> dict[str, str]:
        """This will be where the case store is, unless the environment or a secret file names another one."""
        if os.environ.get("SUNRELAY_STORE_URL") or _is_secret_file("sunrelay_store_url"):
            return {}
        return {"store_url": f"sqlite+aiosqlite:///{self.path / 'cases.db'}"}

    def log(self, part: str) -> Path:
        """This will be the log file of one part of the desk."""
        return self.path / f"{part}.log"

    @property
    def _record(self) -> Path:
        return self.path / "desk.json"

    def lock(self) -> int | None:
        """This will take the desk's lock and return its descriptor, or None where another desk has it.

        The embedded server inherits it: it outlives a desk that was killed as long as the server does.
        """
        import fcntl

        descriptor = os.open(self.path / "desk.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        return descriptor

    def publish(self, record: DeskRecord) -> None:
        """This will tell other commands where the desk is."""
        draft = self._record.with_suffix(".new")
        draft.write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")
        draft.replace(self._record)

    def withdraw(self) -> None:
        """This will say that the desk is closed."""
        self._record.unlink(missing_ok=True)

    def desk(self) -> DeskRecord | None:
        """This will say where the running desk of this directory is, if there is one."""
        try:
            record = DeskRecord(**json.loads(self._record.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return record if self._is_locked() else None

    def _is_locked(self) -> bool:
        try:
            import fcntl

            descriptor = os.open(self.path / "desk.lock", os.O_RDWR)
        except (ImportError, OSError):
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
    """This will tell whether a setting is a file with something in it (activities.settings reads it)."""
    place = os.environ.get("SUNRELAY_SECRETS_DIR")
    file = Path(place or ".") / name
    return bool(place) and file.is_file() and file.stat().st_size > 0
