-- Leads of a period: gross - rejected - merged = net, exactly; and the persons and accounts behind the
-- net ones, each counted once within the period.
with leads as (select * from {{ ref('int_leads__periods') }})

select
    {{ surrogate_key(["period_kind", "period_start", "dimension_kind", "dimension_value"]) }} as lead_volume_key,
    period_kind,
    period_start,
    dimension_kind,
    dimension_value,
    count(*) as n_gross,
    count(*) filter (where cleaning_outcome = 'exclude') as n_rejected,
    count(*) filter (where cleaning_outcome = 'duplicate') as n_merged,
    count(*) filter (where cleaning_outcome = 'net') as n_net,
    count(distinct case when cleaning_outcome = 'net' then person_key end) as n_persons,
    count(distinct case when cleaning_outcome = 'net' then account_key end) as n_accounts
from leads
group by period_kind, period_start, dimension_kind, dimension_value
