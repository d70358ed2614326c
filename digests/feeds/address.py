"""Which network addresses a fetch may dial: the public Internet, and what the operator named.

The check is made on the address of the socket that is about to be connected, so octal and decimal spellings, names
that resolve to private addresses, and names that change their address after a first look (rebinding) all end here.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from digests.errors import ConfigError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED = tuple(
    ip_network(network)
    for network in (
        "100.64.0.0/10",  # carriers' own networks, RFC 6598
        "192.0.0.0/24",  # IETF protocol assignments; Oracle's metadata
        "168.63.129.16/32",  # Azure's metadata and DNS: a public address that only a guest can reach
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # IPv4-compatible
        "64:ff9b::/96",  # NAT64, RFC 6052: leads to any IPv4 address
        "64:ff9b:1::/48",  # NAT64, RFC 8215
        "2001::/32",  # Teredo
        "fec0::/10",  # site-local
    )
)


class AddressRules:
    """What may be dialled. `allow_hosts` are names, addresses or networks that are fine although they are private."""

    def __init__(self, allow_hosts: Sequence[str] = ()) -> None:
        self._names: set[str] = set()
        self._networks: list[Network] = []
        for host in filter(None, (entry.strip() for entry in allow_hosts)):
            self._allow(host)

    def _allow(self, host: str) -> None:
        try:
            self._networks.append(ip_network(host.strip("[]"), strict=False))
        except ValueError:
            if "/" in host or ":" in host or not host.strip("."):
                raise ConfigError(f"{host!r} is no host name, address or network that could be allowed.") from None
            self._names.add(host.lower().rstrip("."))

    def trusts(self, host: str) -> bool:
        """Whether the operator named this host: then it may be at any address."""
        return host.lower().rstrip(".") in self._names

    def names(self, host: str) -> bool:
        """Whether the operator named this host or address, or a network that it is in."""
        if self.trusts(host):
            return True
        try:
            parsed = ip_address(host.strip("[]").partition("%")[0])
        except ValueError:
            return False
        return any(_within(parsed, network) for network in self._networks)

    def permits(self, address: str) -> bool:
        """Whether a socket may be connected to this address (text, an IPv6 one with or without its zone)."""
        try:
            parsed = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        unwrapped = _unwrap(parsed)
        if any(_within(one, network) for network in self._networks for one in (parsed, unwrapped)):
            return True
        return is_public(parsed)


def is_public(address: Address) -> bool:
    """Whether an address is an ordinary one of the public Internet; a wrapped one is judged by what it wraps."""
    inner = _unwrap(address)
    if inner is not address:
        return is_public(inner)
    if any(_within(address, network) for network in _REFUSED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_link_local


def _unwrap(address: Address) -> Address:
    """The IPv4 address inside an IPv4-mapped or 6to4 one."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _within(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network
