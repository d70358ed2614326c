from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import ConfigError
from digests.feeds.address import AddressRules, is_public


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "2002:101:101::1"]
)
def test_public_addresses(address: str) -> None:
    assert AddressRules().permits(address)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1"),
        *("192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "168.63.129.16", "224.0.0.1", "240.0.0.1"),
        *(
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "2002:a00:1::",
            "2001::1",
            "64:ff9b::1.1.1.1",
        ),
        *("64:ff9b:1::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1"),
        *("not an address", ""),
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    assert not AddressRules().permits(address)


def test_what_an_operator_allows() -> None:
    rules = AddressRules(["10.0.0.0/8", "fd00::1", "[fd00::2]", "Intra.Example.", ""])
    assert rules.permits("10.9.9.9")
    assert rules.permits("::ffff:10.9.9.9")
    assert rules.permits("fd00::1")
    assert rules.permits("fd00::2")
    assert not rules.permits("fd00::3")
    assert rules.trusts("intra.example")
    assert rules.trusts("INTRA.example.")
    assert not rules.trusts("other.example")


@pytest.mark.parametrize("host", ["10.0.0.0/99", "http://x", "..", "a:b"])
def test_an_entry_that_can_not_be_meant_is_a_wrong_setting(host: str) -> None:
    with pytest.raises(ConfigError, match="no host name, address or network"):
        AddressRules([host])


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_makes_it_no_more_public(address) -> None:
    number = int(address)
    mapped = ip_address((0xFFFF << 32) | number)
    sixtofour = ip_address((0x2002 << 112) | (number << 80))
    assert is_public(mapped) == is_public(sixtofour) == is_public(address)
    assert not is_public(ip_address((0x64FF9B << 96) | number)) or not is_public(ip_address(number))
