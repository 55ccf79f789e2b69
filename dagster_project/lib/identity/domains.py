"""Internationalised domain names.

Belongs here: Unicode to ASCII. Does not belong here: which part of a domain is registered; that is
a join of the seed public_suffix in int_identifiers__domains.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import idna

if TYPE_CHECKING:
    import pyarrow as pa


def to_ascii(domain: str) -> str | None:
    """A domain in Punycode (bücher.example -> xn--bcher-kva.example); None when it isn't one.

    IDNA 2008 with the mapping of UTS 46 (width, case, the ideographic full stop).
    """
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        return None


def as_table(domains: Iterable[str]) -> "pa.Table":
    """The table of int_identifiers__idn_domains: domain, ascii_domain (NULL: no domain), text.

    One row per distinct domain that isn't plain ASCII, in text order.
    """
    import pyarrow as pa

    foreign = sorted({domain for domain in domains if not domain.isascii()})
    columns = {"domain": foreign, "ascii_domain": [to_ascii(domain) for domain in foreign]}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
