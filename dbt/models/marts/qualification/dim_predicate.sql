-- The named predicates in words; the signals of one version are alternatives.
with predicates as (select * from {{ ref('predicate') }})

select
    {{ surrogate_key(["predicate", "rule_version"]) }} as predicate_key,
    predicate,
    rule_version,
    min(label_en) as label_en,
    min(label_zh) as label_zh,
    {{ distinct_sorted_text("concat(signal_kind, ':', signal)", ",") }} as signals,
    {{ distinct_sorted_text("extract_table", ",") }} as extract_tables,
    min(valid_from) as valid_from,
    max(valid_to) as valid_to
from predicates
group by predicate, rule_version
