"""Each distinct personal name, parsed once: full name, form of address, part of a name or none."""

from dagster_project.lib.identity import names


def model(dbt, session):  # noqa: ARG001
    """Read the names of all records and the words to parse by; return one row per spelling."""
    dbt.config(materialized="table")
    words = dbt.ref("int_identifiers__name_words").fetchall()
    rules = names.NameRules.from_rows(
        patterns=[(word, kind) for word_list, word, kind, _ in words if word_list == "pattern"],
        families=[row[1:] for row in words if row[0] == "family_name"],
        simplified=[
            (word, simp) for word_list, word, simp, _ in words if word_list == "traditional"
        ],
    )
    written = dbt.ref("int_identity__record_versions").filter("full_name is not null")
    raws = [raw for (raw,) in written.project("full_name").distinct().fetchall()]
    return names.as_table(names.parse_all(raws, rules))
