"""A place for what must not be found by a web page: an address and port of loopback no browser opens.

Temporal's UI asks nobody who they are, and answers whatever name it is called by, so a
page whose own name leads to 127.0.0.1 could read every case there. Browsers refuse some ports outright, so
that no page speaks to a mail or chat server; behind our own door the UI listens on one of these.
"""

import secrets
import socket

from starter.door.faults import Fault, Kind

BLOCKED_PORTS = (
    *(1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6566),
    *(6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
)
"""Those above 1023 that every browser blocks, X11's apart (WHATWG Fetch, 2.9 "Port blocking")."""


def place_aside() -> tuple[str, int]:
    """Choose an address and such a port that is free there. Raises: Fault where none is.

    Where all of 127.0.0.0/8 is this machine (Linux), the address is one nobody can guess as well.
    """
    ports = list(BLOCKED_PORTS)
    secrets.SystemRandom().shuffle(ports)
    hidden = f"127.{1 + secrets.randbelow(254)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"
    for host in (hidden, "127.0.0.1"):
        for port in ports:
            if is_free(port, host):
                return host, port
    raise Fault(Kind.FAULT, "DeskFault", "no port for Temporal's UI is free", "close another desk")


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether one may listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
