"""Keeps a URL that somebody gave us from reaching into our own network.

This room resolves names and judges what they resolve to. The address that was judged is the one that is
used: a name that answers otherwise the second time is never asked a second time.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from activities.channels.attempt import NeverWorks, TryAgain
from activities.words.reason import reason_of

IPAddress = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Awaitable[list[str]]]

_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")  # out of use, and understood by some all the same


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the numeric addresses of a host. Raises: OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PublicAddresses:
    """Find where a foreign URL may be posted to: public addresses, and `networks` where set.

    `http_within`: plain http reaches nothing but those networks, for what may be read on the way is secret.
    `what` names the thing in what is said about a URL that is refused.
    """

    def __init__(
        self,
        *,
        allow_http: bool = False,
        http_within: bool = False,
        what: str = "webhook",
        networks: tuple[IPv4Network | IPv6Network, ...] = (),
        resolver: Resolver = resolve,
    ) -> None:
        self._schemes = ("https", "http") if allow_http or http_within else ("https",)
        self._http_within = http_within and not allow_http
        self._what = what
        self._networks = networks
        self._resolver = resolver

    async def find(self, url: str) -> list[str]:
        """Return the numeric addresses to use for a URL, at least one.

        Raises: NeverWorks for a URL that is not public, TryAgain where its name cannot be resolved now.
        """
        host, port = self._endpoint(url)
        try:
            async with asyncio.timeout(5):
                found = await self._resolver(host, port)
        except (OSError, TimeoutError, UnicodeError) as error:
            raise TryAgain(f"the name {host} cannot be resolved: {reason_of(error)}") from error
        named_only = self._http_within and url.lower().startswith("http:")
        for address in found:
            if not self._may_be_used(ip_address(address.partition("%")[0]), named_only=named_only):
                raise NeverWorks(
                    f"{host} is not {'in a network named for http' if named_only else 'a public address'}"
                )
        if not found:
            raise TryAgain(f"the name {host} has no address")
        return found

    def _endpoint(self, url: str) -> tuple[str, int]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise NeverWorks(f"the {self._what} is no URL: {error}") from error
        if parts.scheme not in self._schemes:
            raise NeverWorks(f"a {self._what} is reached by {' or '.join(self._schemes)} only")
        if not host or "@" in parts.netloc:
            raise NeverWorks(f"a {self._what} names a host, and nobody before it")
        return host, port or (443 if parts.scheme == "https" else 80)

    def _may_be_used(self, address: IPAddress, *, named_only: bool) -> bool:
        meant = _embedded(address)
        if any(meant in network for network in self._networks if network.version == meant.version):
            return True
        return not named_only and meant.is_global and not meant.is_multicast


def _embedded(address: IPAddress) -> IPAddress:
    """Unwrap an IPv4 address that travels inside an IPv6 one, however it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64 or (address in _COMPATIBLE and not address.is_loopback):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
