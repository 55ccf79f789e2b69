"""Identifier values for operators on the machine itself, masked so that a screen gives nobody away.

Belongs here: reading them from the warehouse (marts have none) and masking. Nothing here is logged.
"""

import re
from collections.abc import Sequence

import duckdb

from dagster_project.lib import builds
from dagster_project.lib.identity.lookup import IdentityError
from dagster_project.lib.settings import Settings

# Values about companies, and ids of the CRM itself, may be read in full.
_OPEN = {"company_legal_key", "domain", "credit_code"}
_OPEN_PREFIX = "crm_"
_TOKEN = re.compile(r"[0-9a-f]{64}")
_VALUES = """
select identifier_key, any_value(identifier_type), any_value(identifier_value)
from warehouse.intermediate.int_identity__identifiers
where list_contains(?, identifier_key) and identifier_value is not null
group by identifier_key
"""


def masked(kind: str, value: str) -> str:
    """`+8613812348765` -> `138****8765`, `wang@acme.cn` -> `w***@acme.cn`, else `ab***yz`."""
    if kind in _OPEN or kind.startswith(_OPEN_PREFIX):
        return value
    if "@" in value:
        local, _, domain = value.partition("@")
        return f"{local[:1]}***@{domain}"
    if kind in ("mobile", "switchboard"):
        digits = value.removeprefix("+86")
        return f"{digits[:3]}****{digits[-4:]}" if len(digits) > 9 else f"{digits[:2]}****"
    return f"{value[:2]}***{value[-2:]}" if len(value) > 7 else f"{value[:1]}***"


def masked_values(settings: Settings, identifier_keys: Sequence[str]) -> dict[str, str]:
    """identifier_key -> masked value, read from the warehouse of this installation.

    Raises IdentityError when there is no warehouse, when a run has it open, or when identity works
    on tokens.
    """
    if not settings.warehouse.exists():
        raise IdentityError(
            f"There is no warehouse at {settings.warehouse}, and what is published has no values."
            " Type `make run`, or leave --show-values away."
        )
    try:
        with builds.open_warehouse(settings) as connection:
            rows = connection.execute(_VALUES, [list(identifier_keys)]).fetchall()
    except duckdb.IOException:
        raise IdentityError(
            "A run has the warehouse open. Wait for it to end, or leave --show-values away."
        ) from None
    except duckdb.CatalogException:
        raise IdentityError(
            "The warehouse holds no identifiers: a run stopped half-way. Type `make run`, or leave"
            " --show-values away."
        ) from None
    if rows and all(_TOKEN.fullmatch(value) for _, _, value in rows):
        raise IdentityError(
            "Identity works on tokens here (identity_values: token), so values can't be shown."
            " Leave --show-values away."
        )
    return {key: masked(kind, value) for key, kind, value in rows}
