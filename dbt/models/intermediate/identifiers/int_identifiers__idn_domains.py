"""Domains written in other scripts than Latin, in the ASCII form that the DNS knows (Punycode)."""

from dagster_project.lib.identity import domains


def model(dbt, session):  # noqa: ARG001
    """Read the domains of e-mails and websites; return one row per domain that is not ASCII."""
    dbt.config(materialized="table")
    found = []
    for name, column in (
        ("int_identifiers__email_spellings", "domain_written"),
        ("int_identifiers__website_hosts", "host_written"),
    ):
        # More bytes than characters: nearly all domains are ASCII and stay where they are.
        foreign = dbt.ref(name).filter(f"bit_length({column}) > 8 * length({column})")
        found += [domain for (domain,) in foreign.project(column).distinct().fetchall()]
    return domains.as_table(found)
