-- Predicate rows with their days of validity as instants. Several rows of one predicate are several
-- signals of it: any of them that is true makes it true.
select
    predicate,
    signal_kind,
    signal,
    match_kind,
    match_value,
    lasting_days,
    extract_table,
    rule_version,
    {{ to_utc("cast(valid_from as timestamp)", var('business_timezone')) }} as rule_from,
    {{ to_utc("cast(valid_to as timestamp)", var('business_timezone')) }} as rule_to
from {{ ref('predicate') }}
