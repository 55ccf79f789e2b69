-- A returned row is a trust for a record type in an attribute that no row with * declares, or an
-- attribute declared twice: the golden value would be missing or doubled.
with rules as (select * from {{ ref('survivorship') }} where {{ in_force_now() }})

select
    entity,
    attribute,
    sum(case when record_type = '*' then 1 else 0 end) as n_declarations
from rules
group by entity, attribute
having sum(case when record_type = '*' then 1 else 0 end) <> 1
