-- How long each customer has stayed and what it was worth so far: whole months since it became one, and
-- contract value earned by day, so that a year paid ahead does not look like a month's worth.
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

spans as (
    select
        contracts.account_key,
        contracts.contract_minor,
        greatest({{ seconds_between("contracts.signed_at", "contracts.ends_at") }}, 1) as seconds_total,
        {{ seconds_between("contracts.signed_at", "as_of.as_of") }} as seconds_so_far
    from contracts
    cross join as_of
    where contracts.contract_minor is not null and contracts.signed_at <= as_of.as_of
),

earned as (
    select
        account_key,
        sum({{ telescoped_minor(
            "contract_minor", "least(coalesce(seconds_so_far, 0), coalesce(seconds_total, 0))", "seconds_total"
        ) }}) as earned_minor
    from spans
    group by account_key
),

timed as (
    select
        spells.account_key,
        spells.lapsed_at,
        -- A month is a twelfth of 365.25 days.
        {{ seconds_between("spells.started_at", "as_of.as_of") }} / 2629800.0 as age_months,
        {{ seconds_between("spells.started_at", "spells.lapsed_at") }} / 2629800.0 as life_months
    from spells
    cross join as_of
)

select
    timed.account_key,
    coalesce(origins.channel, 'unknown') as channel,
    -- Who lapsed within a month that is not over yet is counted like everybody of that age: as staying.
    cast(case
        when ceil(timed.life_months) <= floor(timed.age_months) then ceil(timed.life_months)
        else floor(timed.age_months)
    end as integer) as tenure_months,
    coalesce(ceil(timed.life_months) <= floor(timed.age_months), false) as has_lapsed,
    coalesce(earned.earned_minor, 0) as earned_minor
from timed
left join earned on timed.account_key = earned.account_key
left join origins on timed.account_key = origins.account_key
