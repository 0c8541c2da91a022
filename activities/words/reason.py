"""Why something outside did not work, in one line that is never empty: for logs, refusals and retries."""


def reason_of(error: BaseException) -> str:
    """Name why `error` was raised: the first line of its own words, the driver's where SQLAlchemy wraps it.

    An error without words, as every timeout of asyncio is, is "no answer in time" or the name of its class.
    """
    cause = getattr(error, "orig", None) or error
    for line in str(cause).splitlines():
        if line.strip():
            return line.strip()
    return "no answer in time" if isinstance(cause, TimeoutError) else type(cause).__name__
