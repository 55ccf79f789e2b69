"""Domains written in other scripts than Latin, in the ASCII form that the DNS knows (Punycode)."""

from dagster_project.lib.identity import domains


def model(dbt, session):
    """Read the domains of e-mails and websites; return one row per domain that is not ASCII."""
    dbt.config(materialized="table")
    emails = dbt.ref("int_identifiers__email_spellings").project("domain_written").fetchall()
    hosts = dbt.ref("int_identifiers__website_hosts").project("host_written").fetchall()
    return domains.as_table(domain for (domain,) in [*emails, *hosts] if domain)
