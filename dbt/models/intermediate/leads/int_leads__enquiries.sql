-- Which leads are one enquiry: a lead created within the window after the previous lead of the same
-- person, or merged away in the CRM, repeats it. The survivor is the first lead that is neither
-- excluded nor merged away.
with leads as (select * from {{ ref('int_leads__leads') }}),

crm_merges as (select * from {{ ref('int_crm__lead_merges') }}),

excluded as (
    select distinct lead_key from {{ ref('int_leads__verdicts') }} where verdict = 'exclude'
),

duplicate_rule as (
    select
        max(param_value) filter (where rule_id = 'duplicate_lead') as window_days,
        coalesce(max(rule_id) filter (where rule_id = 'merged_lead') is not null, false) as is_merging
    from {{ ref('cleaning_rule') }}
    where is_enabled and {{ in_force_now() }}
),

gaps as (
    select
        leads.lead_key,
        leads.lead_id,
        leads.person_key,
        leads.created_at,
        case
            when
                {{ seconds_between(
                    "lag(leads.created_at) over (partition by leads.person_key order by leads.created_at asc nulls last, leads.lead_id asc nulls last, leads.lead_key asc nulls last)",
                    "leads.created_at"
                ) }} <= duplicate_rule.window_days * 86400
                then 0
            else 1
        end as starts_island
    from leads
    cross join duplicate_rule
),

islands as (
    select
        *,
        sum(starts_island) over (
            partition by person_key
            order by created_at asc nulls last, lead_id asc nulls last, lead_key asc nulls last
            rows between unbounded preceding and current row
        ) as island
    from gaps
),

-- A merged lead belongs to the enquiry of the lead it was merged into.
joined as (
    select
        islands.lead_key,
        islands.lead_id,
        islands.created_at,
        islands.starts_island = 0 as is_within_window,
        coalesce(winners.person_key, islands.person_key) as person_key,
        coalesce(winners.island, islands.island) as island,
        winners.lead_key is not null as is_merged_away,
        excluded.lead_key is not null as is_excluded
    from islands
    cross join duplicate_rule
    left join crm_merges
        on islands.lead_key = crm_merges.loser_lead_key and duplicate_rule.is_merging
    left join islands as winners on crm_merges.final_lead_key = winners.lead_key
    left join excluded on islands.lead_key = excluded.lead_key
),

ranked as (
    select
        *,
        first_value(lead_key) over (
            partition by person_key, island
            order by
                is_excluded asc nulls last, is_merged_away asc nulls last,
                created_at asc nulls last, lead_id asc nulls last, lead_key asc nulls last
        ) as survivor_lead_key
    from joined
)

select
    lead_key,
    survivor_lead_key,
    is_within_window,
    is_merged_away,
    is_excluded,
    lead_key = survivor_lead_key as is_survivor
from ranked
