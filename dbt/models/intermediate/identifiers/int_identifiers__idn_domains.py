"""Domains written in other scripts than Latin, in the ASCII form that the DNS knows (Punycode)."""

from dagster_project.lib.identity import domains


def model(dbt, session):  # noqa: ARG001
    """Read the domains of e-mails and websites; return one row per domain that is not ASCII."""
    dbt.config(materialized="table")
    emails = dbt.ref("int_identifiers__email_spellings").project("domain_written as domain")
    hosts = dbt.ref("int_identifiers__website_hosts").project("host_written as domain")
    # More bytes than characters: nearly all domains are ASCII and stay where they are.
    foreign = emails.union(hosts).filter("bit_length(domain) > 8 * length(domain)").distinct()
    return domains.as_table(domain for (domain,) in foreign.fetchall())
