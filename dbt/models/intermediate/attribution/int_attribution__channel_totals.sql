-- Credit of each channel over all conversions, per model that looks at all journeys at once. Removal
-- effects and Shapley values are made shares (a negative value gives none) and divided to the cent.
with effects as (select * from {{ ref('int_attribution__removal_effects') }}),

rates as (select * from {{ ref('int_attribution__shapley_rate') }}),

additive as (select * from {{ ref('int_attribution__shapley_additive') }}),

unattributed as (
    select coalesce(sum(n_converted), 0) as n_conversions, coalesce(sum(cash_minor), 0) as cash_minor
    from {{ ref('int_attribution__group_sets') }}
    where channel_set = 0
),

models as (
    select attribution_model from {{ ref('attribution_model') }}
    where is_enabled and credit_grain = 'channel' and {{ in_force_now() }}
),

touched as (
    select coalesce(sum(credit_micro), 0) as credit_micro, coalesce(sum(cash_minor), 0) as cash_minor
    from additive
),

-- Whole numbers again, so that cumulative shares are exact.
weighed as (
    select
        'markov' as attribution_model, channel, removal_effect as raw_value,
        cast(round(coalesce(removal_effect, 0.0) * 1000000000000) as bigint) as weight
    from effects
    union all
    select
        'shapley_rate' as attribution_model, channel, shapley_value as raw_value,
        cast(round(greatest(shapley_value, 0.0) * 1000000000000) as bigint) as weight
    from rates
),

running as (
    select
        weighed.*,
        sum(weight) over so_far as weight_so_far,
        sum(weight) over so_far - weight as weight_before,
        sum(weight) over (partition by attribution_model) as weight_of_all
    from weighed
    window so_far as (
        partition by attribution_model order by channel asc nulls last
        rows between unbounded preceding and current row
    )
),

credited as (
    select
        running.attribution_model, running.channel, running.raw_value,
        {{ telescoped_minor("touched.credit_micro", "running.weight_so_far", "running.weight_of_all") }}
        - {{ telescoped_minor("touched.credit_micro", "running.weight_before", "running.weight_of_all") }}
            as credit_micro,
        {{ telescoped_minor("touched.cash_minor", "running.weight_so_far", "running.weight_of_all") }}
        - {{ telescoped_minor("touched.cash_minor", "running.weight_before", "running.weight_of_all") }}
            as cash_minor
    from running
    cross join touched
    union all
    select
        'shapley_additive' as attribution_model, channel, credit_micro / 1000000.0 as raw_value,
        credit_micro, cash_minor
    from additive
    union all
    select
        models.attribution_model, '(unattributed)' as channel, cast(null as double) as raw_value,
        unattributed.n_conversions * 1000000 as credit_micro, unattributed.cash_minor
    from models
    cross join unattributed
    where unattributed.n_conversions > 0
)

select credited.attribution_model, credited.channel, credited.raw_value, credited.credit_micro, credited.cash_minor
from credited
inner join models on credited.attribution_model = models.attribution_model
