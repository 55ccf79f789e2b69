"""All phones but plain Chinese mobiles, read by the phone library, each spelling once ever."""

from dagster_project.lib.identity import phones


def model(dbt, session):
    """Read the spellings that SQL left over; return one row per spelling with number and type.

    The table of the last build is a cache: what it holds of the same parser isn't parsed again. The
    rows are the same with and without it.
    """
    dbt.config(materialized="table")
    left_over = dbt.ref("int_identifiers__phone_spellings").filter("mobile_number is null")
    raws = [raw for (raw,) in left_over.project("raw_phone").fetchall()]
    region = dbt.config.meta_get("phone_region")
    known = _parsed_before(dbt, session, region)
    return phones.as_table(phones.parse_all(raws, known, region), region)


def _parsed_before(dbt, session, region):
    """What the table of the last build holds; nothing when there is none."""
    query = "select 1 from information_schema.tables where table_schema = ? and table_name = ?"
    if not session.execute(query, [dbt.this.schema, dbt.this.identifier]).fetchall():
        return {}
    columns = "raw_phone, national_number, phone_type, e164, parser_version"
    return phones.from_rows(session.execute(f"select {columns} from {dbt.this}").fetchall(), region)
