"""How much the server takes for one case; the compose stack gives its own server the same.

Left to itself the server takes 2 MiB at a time and ends a case in silence once its history has 50 MiB: 28
messages did that (measured). What is refused is known to its sender, and the case lives.
"""

ONE_MESSAGE = 512 * 1024
"""The largest payload, in bytes: twice what we send ourselves, eight times what a door takes."""

UPDATES_AT_ONCE = 384 * 1024
"""Payloads of the updates under way to one case, in bytes: six of the largest a case takes.

Below that of one message: a worker refuses an update with a copy of it, and one that the server took and does
not take back holds the case up for as long as its sender insists (measured).
"""

HISTORY = 128 * 1024**2
"""Where the server ends a case, in bytes of history; a case turns over at 4 MiB.

No case turns over while messages arrive faster than its worker answers the server: 905 of 60 KB in half a
minute make 54 MB, and are taken (measured).
"""

LIMITS: dict[str, int] = {
    "limit.blobSize.error": ONE_MESSAGE,
    "limit.blobSize.warn": ONE_MESSAGE // 2,
    "history.maxInFlightUpdatePayloads": UPDATES_AT_ONCE,
    "limit.historySize.error": HISTORY,
}
"""By the names of the server's dynamic configuration."""


def limit_options() -> list[str]:
    """Return the options that start a development server with these limits."""
    return [part for name, value in LIMITS.items() for part in ("--dynamic-config-value", f"{name}={value}")]
