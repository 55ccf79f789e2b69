"""Candidate pairs for the review queue, proposed by Splink; nothing here ever joins two records.

Exact keys and guards decide who is one person. What they leave apart although it looks alike (a
mistyped mobile, a second mailbox, a nickname beside the same number) is scored by the
Fellegi–Sunter model that Splink estimates from the records themselves, and a human decides.
"""

import logging
from typing import Any

import duckdb
import pyarrow as pa

COLUMNS = (
    "record_key",
    "name_key",
    "latin_key",
    "email",
    "email_local",
    "email_domain",
    "mobile",
    "company_legal_key",
    "company_brand_key",
)
# Any number: the same records must give the same pairs.
SEED = 20260701
PAIRS = pa.schema(
    [
        ("left_key", pa.string()),
        ("right_key", pa.string()),
        ("match_probability", pa.float64()),
        ("rule", pa.string()),
    ]
)
# What two records must share to be compared at all, the sharpest first: a pair is told by the first
# that it meets. None compares everybody of one name, one domain or one company with one another.
BLOCKS: dict[str, tuple[str, ...]] = {
    "same_mobile": ("mobile",),
    "same_email": ("email",),
    "same_name_and_company": ("name_key", "company_brand_key"),
    "same_name_and_mailbox": ("name_key", "email_local"),
    "same_latin_name_and_domain": ("latin_key", "email_domain"),
    "same_name_and_end_of_mobile": ("name_key", "right(mobile, 4)"),
    "same_name_and_start_of_mobile": ("name_key", "left(mobile, 10)"),
    "same_mailbox_and_company": ("email_local", "company_brand_key"),
}
# The model is trained where pairs of one block are alike in something else.
TRAINED_ON = (("name_key", "company_brand_key"), ("mobile",), ("email",))


def candidate_pairs(
    records: pa.Table, *, memory_limit: str, min_probability: float, seed: int = SEED
) -> pa.Table:
    """Returns pairs of records that look like one person.

    Fellegi–Sunter (1969) with term frequencies, by Splink 5 in a DuckDB of its own with one thread,
    so that the same records give the same pairs. Nothing is fetched or reported anywhere.

    Args:
        records: one row a record, columns COLUMNS, all text; record_key is unique, NULL elsewhere
            means unknown.
        memory_limit: of that DuckDB, e.g. "1GB"; by default Splink takes what there is.
        min_probability: 0 to 1; less likely pairs are not returned.
        seed: of the sample that chance agreement is estimated from.

    Returns:
        left_key < right_key, match_probability, and rule, the block of BLOCKS that brought the two
        together; by descending probability.

    Raises:
        ImportError: Splink is not installed.
        ValueError: a column is missing.
    """
    splink = _splink()
    missing = set(COLUMNS) - set(records.column_names)
    if missing:
        raise ValueError(f"records without {', '.join(sorted(missing))}")
    if records.num_rows < 2:
        return PAIRS.empty_table()
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{memory_limit}'")
        connection.execute("set threads = 1")
        connection.execute("set autoinstall_known_extensions = false")
        connection.register("given", records.select(COLUMNS))
        connection.execute("create table records as from given order by record_key nulls last")
        api = splink.DuckDBAPI(connection=connection)
        linker = splink.Linker(
            api.register("records", dataset_display_name="records"),
            _settings(splink, _share_of_matches(connection)),
            # It logs values that it compares; nothing of a person belongs in a log.
            log_level=logging.CRITICAL,
        )
        _train(splink, linker, seed)
        scored = linker.inference.predict(
            threshold_match_probability=min_probability, warning_mode="never"
        )
        return _pairs(connection, scored.physical_name)


def _splink() -> Any:
    try:
        import splink
        import splink.comparison_library
    except ImportError as error:
        raise ImportError(
            "candidate pairs need Splink, the optional extra `probabilistic` of pyproject.toml; "
            "install it or leave the variable identity_candidates false"
        ) from error
    return splink


def _share_of_matches(connection: duckdb.DuckDBPyConnection) -> float:
    """Share of all pairs that are one person, from those that share what one person shares.

    At least one pair and at most half of all: Splink's own estimate may be 0 or 1, and then no
    evidence could change it.
    """
    found = 0
    for columns in TRAINED_ON:
        known = " and ".join(f"{column} is not null" for column in columns)
        ((pairs,),) = connection.execute(
            "select coalesce(sum(n * (n - 1)) / 2, 0) from (select count(*) as n from records"
            f" where {known} group by {', '.join(columns)}) as shared"
        ).fetchall()
        found += int(pairs)
    ((n_records,),) = connection.execute("select count(*) from records").fetchall()
    return min(max(found, 1) / (n_records * (n_records - 1) / 2), 0.5)


def _settings(splink: Any, share_of_matches: float) -> Any:
    library = splink.comparison_library
    return splink.SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_key",
        probability_two_random_records_match=share_of_matches,
        blocking_rules_to_generate_predictions=[
            splink.block_on(*columns) for columns in BLOCKS.values()
        ],
        comparisons=[
            library.JaroWinklerAtThresholds("name_key", [0.9]).configure(
                term_frequency_adjustments=True
            ),
            library.LevenshteinAtThresholds("mobile", [1, 2]).configure(
                term_frequency_adjustments=True
            ),
            library.LevenshteinAtThresholds("email_local", [1, 2]).configure(
                term_frequency_adjustments=True
            ),
            library.ExactMatch("email_domain").configure(term_frequency_adjustments=True),
            library.JaroWinklerAtThresholds("company_brand_key", [0.9]).configure(
                term_frequency_adjustments=True
            ),
        ],
        retain_intermediate_calculation_columns=False,
    )


def _train(splink: Any, linker: Any, seed: int) -> None:
    """Estimates the model; what the records say nothing about keeps Splink's own value."""
    from splink.internals.exceptions import EMTrainingException

    sure = [splink.block_on(*columns) for columns in TRAINED_ON]
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=seed)
    for rule in sure:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        except EMTrainingException:
            continue  # no pair shares this


def _pairs(connection: duckdb.DuckDBPyConnection, scored: str) -> pa.Table:
    names = ", ".join(f"({n}, '{name}')" for n, name in enumerate(BLOCKS))
    found = connection.sql(
        f"""
        select
            least(record_key_l, record_key_r) as left_key,
            greatest(record_key_l, record_key_r) as right_key,
            match_probability,
            block.rule
        from {scored} as scored
        inner join (values {names}) as block (match_key, rule)
            on cast(scored.match_key as integer) = block.match_key
        order by match_probability desc nulls last, left_key asc nulls last,
            right_key asc nulls last
        """
    )
    return found.to_arrow_table().cast(PAIRS)
