"""What a vendor is answered who calls us."""


class Answer(Exception):
    """Ends a call with a status and a code; the reason never repeats what was sent."""

    def __init__(self, status: int, code: str, reason: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(f"{status} {code}: {reason}")
        self.status = status
        self.code = code
        self.reason = reason
        self.missing = missing

    def as_record(self) -> dict[str, object]:
        """Return the answer as JSON."""
        record: dict[str, object] = {"code": self.code, "reason": self.reason}
        return {**record, "missing": list(self.missing)} if self.missing else record
