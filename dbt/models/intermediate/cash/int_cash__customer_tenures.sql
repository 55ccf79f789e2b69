-- How long each customer has stayed and what it was worth so far: whole months since it became one, and
-- contract value earned by day within them, so that a year paid ahead does not look like a month's worth.
with spells as (select * from {{ ref('int_customer__spells') }} where spell_number = 1),

contracts as (select * from {{ ref('int_cash__contracts') }} where not is_deleted),

deals as (select * from {{ ref('int_customer__opportunities') }} where is_won),

leads as (select * from {{ ref('int_leads__leads') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

-- The channel of the lead that the first deal came from.
origins as (
    select deals.account_key, leads.channel
    from deals
    left join leads on deals.lead_key = leads.lead_key
    where deals.account_key is not null
    qualify
        row_number() over (
            partition by deals.account_key order by deals.won_at asc nulls last, deals.opportunity_key asc nulls last
        ) = 1
),

timed as (
    select
        spells.account_key,
        spells.started_at,
        -- A month is a twelfth of 365.25 days.
        {{ seconds_between("spells.started_at", "as_of.as_of") }} / 2629800.0 as age_months,
        {{ seconds_between("spells.started_at", "spells.lapsed_at") }} / 2629800.0 as life_months
    from spells
    cross join as_of
),

stayed as (
    select
        account_key,
        started_at,
        -- Who lapsed within a month that is not over yet is counted like everybody of that age: as staying.
        cast(case
            when ceil(life_months) <= floor(age_months) then ceil(life_months)
            else floor(age_months)
        end as integer) as tenure_months,
        coalesce(ceil(life_months) <= floor(age_months), false) as has_lapsed
    from timed
),

-- Value earned stops where the tenure does: a month begun is neither worth nor time.
spans as (
    select
        contracts.account_key,
        contracts.contract_minor,
        greatest({{ seconds_between("contracts.signed_at", "contracts.ends_at") }}, 1) as seconds_total,
        greatest(
            {{ seconds_between("contracts.signed_at", "stayed.started_at") }} + stayed.tenure_months * 2629800, 0
        ) as seconds_stayed
    from contracts
    inner join stayed on contracts.account_key = stayed.account_key
    where contracts.contract_minor is not null
),

earned as (
    select
        account_key,
        sum({{ telescoped_minor("contract_minor", "least(seconds_stayed, seconds_total)", "seconds_total") }})
            as earned_minor
    from spans
    group by account_key
)

select
    stayed.account_key,
    coalesce(origins.channel, 'unknown') as channel,
    stayed.tenure_months,
    stayed.has_lapsed,
    coalesce(earned.earned_minor, 0) as earned_minor
from stayed
left join earned on stayed.account_key = earned.account_key
left join origins on stayed.account_key = origins.account_key
