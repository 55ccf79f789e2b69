-- Share of conversions that a first-order chain loses when a channel is taken out and whoever would
-- have gone there is lost. The chain is solved exactly, once whole (removed_number 0) and once per
-- channel: its channels are eliminated one by one, each leaving its detours to the others.
with recursive transitions as (select * from {{ ref('int_attribution__transitions') }}),

channels as (
    select from_state as channel, row_number() over (order by from_state asc nulls last) as channel_number
    from transitions
    where from_state <> '(start)'
    group by from_state
),

states as (
    select channel, channel_number from channels
    union all
    select '(start)' as channel, 0 as channel_number
),

targets as (
    select channel, channel_number from channels
    union all
    select 'converted' as channel, -1 as channel_number
),

probabilities as (
    select
        from_state, to_state,
        cast(n_transitions as double) / sum(n_transitions) over (partition by from_state) as probability
    from transitions
),

-- What leads to the removed channel, or to the other outcome, leads nowhere.
eliminated as (
    select
        cast(0 as bigint) as round_number, removed.channel_number as removed_number,
        states.channel_number as from_number, targets.channel_number as to_number,
        case
            when removed.channel_number > 0 and removed.channel_number = states.channel_number then 0.0
            when removed.channel_number > 0 and removed.channel_number = targets.channel_number then 0.0
            else coalesce(probabilities.probability, 0.0)
        end as probability
    from states
    cross join targets
    cross join states as removed
    left join probabilities
        on states.channel = probabilities.from_state and targets.channel = probabilities.to_state
    union all
    select
        round_number + 1 as round_number, removed_number, from_number, to_number,
        probability + into_it * out_of_it / (1.0 - around_it) as probability
    from (
        select
            *,
            max(case when to_number = round_number + 1 then probability end) over (
                partition by removed_number, from_number
            ) as into_it,
            max(case when from_number = round_number + 1 then probability end) over (
                partition by removed_number, to_number
            ) as out_of_it,
            max(case when from_number = round_number + 1 and to_number = round_number + 1 then probability end)
                over (partition by removed_number) as around_it
        from eliminated
        where round_number < (select count(*) from channels)
    ) as detours
    where from_number <> round_number + 1 and to_number <> round_number + 1
),

arrivals as (
    select removed_number, probability as conversion_probability
    from eliminated
    where round_number = (select count(*) from channels) and from_number = 0 and to_number = -1
)

select
    channels.channel,
    whole.conversion_probability,
    arrivals.conversion_probability as conversion_probability_without,
    {{ ratio("(whole.conversion_probability - arrivals.conversion_probability)", "whole.conversion_probability") }}
        as removal_effect
from channels
inner join arrivals on channels.channel_number = arrivals.removed_number
inner join arrivals as whole on whole.removed_number = 0
