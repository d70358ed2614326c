"""No way in: the usual attacks, against a server on loopback that must not be reached."""

import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from digests.errors import FetchError, ForbiddenAddressError
from digests.feeds.fetch import Fetcher
from tests.fakes.loopback_site import LoopbackSite


class Names(AbstractResolver):
    """Name resolution from a table, one answer after another (rebinding); names not in it are looked up."""

    def __init__(self, table: dict[str, list[list[str]]]) -> None:
        self._table = table
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in self._table:
            return await ThreadedResolver().resolve(host, port, family)
        answers = self._table[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
async def site() -> AsyncIterator[LoopbackSite]:
    async with LoopbackSite() as site:
        site.serve("/", b"the operator's secret")
        yield site


ATTACKS = {
    "loopback": "http://127.0.0.1:{port}/",
    "loopback elsewhere": "http://127.8.9.10:{port}/",
    "name": "http://localhost:{port}/",
    "octal": "http://0177.0.0.1:{port}/",
    "decimal": "http://2130706433:{port}/",
    "hexadecimal": "http://0x7f000001:{port}/",
    "short": "http://127.1:{port}/",
    "any": "http://0.0.0.0:{port}/",
    "IPv6 loopback": "http://[::1]:{port}/",
    "mapped": "http://[::ffff:127.0.0.1]:{port}/",
    "mapped in hexadecimal": "http://[::ffff:7f00:1]:{port}/",
    "compatible": "http://[::127.0.0.1]:{port}/",
    "6to4": "http://[2002:7f00:1::]:{port}/",
    "NAT64": "http://[64:ff9b::7f00:1]:{port}/",
    "Teredo": "http://[2001:0:7f00:1::]:{port}/",
    "private": "http://10.0.0.1:{port}/",
    "carrier": "http://100.64.0.1:{port}/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata of Azure": "http://168.63.129.16/",
    "metadata by IPv6": "http://[fd00:ec2::254]/",
    "link-local with a zone": "http://[fe80::1%25lo]:{port}/",
    "multicast": "http://224.0.0.1:{port}/",
    "broadcast": "http://255.255.255.255:{port}/",
    "credentials before the host": "http://example.org@127.0.0.1:{port}/",
    "file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1:{port}/_x",
    "data": "data:text/plain,x",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
async def test_private_addresses_are_not_reached(site: LoopbackSite, attack: str) -> None:
    async with Fetcher() as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch(attack.format(port=site.port))
    assert site.requests == []


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
async def test_redirects_do_not_lead_to_private_addresses(site: LoopbackSite, attack: str) -> None:
    site.redirect("/out", attack.format(port=site.port), 301)
    names = Names({"open.example": [["127.0.0.1"]]})
    async with Fetcher(allow_hosts=["open.example"], resolver=names) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch(site.url("/out", host="open.example"))
    assert [request.path for request in site.requests] == ["/out"]


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:127.0.0.1]", "localhost"])
async def test_the_refusal_says_how_it_is_and_names_no_secret(site: LoopbackSite, host: str) -> None:
    async with Fetcher() as fetcher:
        with pytest.raises(ForbiddenAddressError, match="private address") as caught:
            await fetcher.fetch(f"http://user:pass@{host}:{site.port}/?key=secret")
    assert "pass" not in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_name_that_resolves_to_a_private_address_is_refused(site: LoopbackSite) -> None:
    names = Names({"news.example": [["127.0.0.1"]]})
    async with Fetcher(resolver=names) as fetcher:
        with pytest.raises(ForbiddenAddressError):
            await fetcher.fetch(site.url(host="news.example"))
    assert names.asked == ["news.example"]
    assert site.requests == []


async def test_a_name_that_changes_its_address_is_refused_when_it_is_dialled(site: LoopbackSite) -> None:
    # First a public address that nobody answers at, then the loopback: what is dialled is what is checked.
    names = Names({"news.example": [["127.0.0.1"], ["127.0.0.2"]], "cdn.example": [["127.0.0.2"]]})
    site.redirect("/", f"http://cdn.example:{site.port}/inner")
    async with Fetcher(allow_hosts=["127.0.0.1/32"], resolver=names) as fetcher:
        with pytest.raises(ForbiddenAddressError):
            await fetcher.fetch(site.url(host="news.example"))
    assert not site.asked("/inner")


async def test_a_name_with_a_private_address_among_others_is_reached_at_the_others(site: LoopbackSite) -> None:
    names = Names({"news.example": [["10.0.0.1", "127.0.0.1"]]})
    async with Fetcher(allow_hosts=["127.0.0.1/32"], resolver=names) as fetcher:
        assert (await fetcher.fetch(site.url(host="news.example"))).body == b"the operator's secret"


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8", " 127.0.0.1 "])
async def test_an_operator_can_allow_addresses_and_networks(site: LoopbackSite, allowed: str) -> None:
    async with Fetcher(allow_hosts=[allowed]) as fetcher:
        assert (await fetcher.fetch(site.url())).status == 200
        assert (await fetcher.fetch(site.url(host="localhost"))).status == 200


async def test_an_allowed_name_does_not_allow_its_address_to_others(site: LoopbackSite) -> None:
    names = Names({"intranet.example": [["127.0.0.1"]], "news.example": [["127.0.0.1"]]})
    async with Fetcher(allow_hosts=["Intranet.example"], resolver=names) as fetcher:
        assert (await fetcher.fetch(site.url(host="intranet.example"))).status == 200
        with pytest.raises(ForbiddenAddressError):
            await fetcher.fetch(site.url(host="news.example"))


async def test_an_allowed_name_does_not_allow_where_it_redirects_to(site: LoopbackSite) -> None:
    names = Names({"intranet.example": [["127.0.0.1"]]})
    site.redirect("/out", site.url("/"))
    async with Fetcher(allow_hosts=["intranet.example"], resolver=names) as fetcher:
        with pytest.raises(ForbiddenAddressError):
            await fetcher.fetch(site.url("/out", host="intranet.example"))
    assert not site.asked("/")
