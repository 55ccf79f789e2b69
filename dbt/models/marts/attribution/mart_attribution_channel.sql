with touch_totals as (select * from {{ ref('int_attribution__touch_totals') }}),

channel_totals as (select * from {{ ref('int_attribution__channel_totals') }}),

share_errors as (select * from {{ ref('int_attribution__share_errors') }}),

players as (select * from {{ ref('int_attribution__players') }}),

channels_touched as (select * from {{ ref('int_attribution__shapley_additive') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

outcomes as (select * from {{ ref('int_attribution__outcomes') }}),

channels as (select * from {{ ref('dim_channel') }}),

models as (select * from {{ ref('attribution_model') }} where is_enabled and {{ in_force_now() }}),

-- A channel that ended journeys touched has a row, perhaps of zero, in every model.
credited_channels as (
    select channel, n_converted as n_conversions_touched, n_converted + n_not_converted as n_journeys_touched
    from channels_touched
    union all
    select channel, max(n_conversions) as n_conversions_touched, max(n_conversions) as n_journeys_touched
    from touch_totals
    where channel = '(unattributed)'
    group by channel
),

sizes as (
    select
        (select count(*) from conversions) as n_conversions,
        (select coalesce(sum(cash_minor), 0) from conversions) as cash_minor,
        (select count(*) from outcomes where outcome = 'not_converted') as n_not_converted,
        (select count(*) from outcomes where outcome = 'open') as n_open
),

credited as (
    select attribution_model, channel, credit_micro, cash_minor, credit_squares, cast(null as double) as raw_value
    from touch_totals
    union all
    select attribution_model, channel, credit_micro, cash_minor, cast(null as bigint) as credit_squares, raw_value
    from channel_totals
),

cells as (
    select
        models.*,
        channels.channel, channels.label_en as channel_en, channels.label_zh as channel_zh,
        credited_channels.n_conversions_touched, credited_channels.n_journeys_touched,
        sizes.n_conversions, sizes.n_not_converted, sizes.n_open,
        sizes.cash_minor as all_cash_minor,
        coalesce(credited.credit_micro, 0) as credit_micro,
        coalesce(credited.cash_minor, 0) as credited_cash_minor,
        credited.raw_value,
        {{ ratio("coalesce(credited.credit_micro, 0)", "(1000000 * sizes.n_conversions)") }} as credit_share,
        case when models.credit_grain = 'touch' then coalesce(credited.credit_squares, 0) / 1000000000000.0 end
            as squared_credits,
        share_errors.standard_error,
        models.attribution_model = 'shapley_rate' and coalesce(players.is_pooled, false) as is_pooled
    from models
    cross join credited_channels
    cross join sizes
    inner join channels on credited_channels.channel = channels.channel
    left join credited
        on
            models.attribution_model = credited.attribution_model
            and credited_channels.channel = credited.channel
    left join share_errors
        on
            models.attribution_model = share_errors.attribution_model
            and credited_channels.channel = share_errors.channel
    left join players on credited_channels.channel = players.channel
),

-- Standard error of a mean over conversions, of which most give the channel nothing; where credit is
-- no sum over conversions, what leaving out groups of journeys makes of it.
measured as (
    select
        *,
        case
            when credit_grain = 'channel' then standard_error
            when n_conversions > 1
                then sqrt(
                    greatest(squared_credits - n_conversions * credit_share * credit_share, 0.0 * squared_credits)
                    / (n_conversions * (n_conversions - 1.0))
                )
        end as credit_error
    from cells
),

-- Shares of a chain or a game hang together: where one is not known, nor is what is left for the others.
compared as (
    select
        *,
        case
            when credit_grain = 'channel'
                then max(case when channel <> '(unattributed)' then credit_error end) over (
                    partition by attribution_model
                )
            else credit_error
        end as widest_error
    from measured
),

read_cells as (
    select
        *,
        case
            when n_conversions < {{ policy('attribution', 'small_n_conversions') }} then 'small_n'
            when
                credit_grain = 'channel'
                and n_journeys_touched < {{ policy('attribution', 'small_n_conversions') }}
                then 'small_n'
            when is_pooled then 'pooled'
            when credit_grain = 'channel' and n_not_converted = 0 then 'no_failed_journeys'
            when credit_error is null then 'no_interval'
            when
                channel <> '(unattributed)'
                and 2 * {{ normal_quantile(95) }} * widest_error
                > {{ policy('attribution', 'widest_interval_percent') }} / 100.0
                then 'too_wide'
            else 'ok'
        end as reading
    from compared
)

select
    {{ surrogate_key(["attribution_model", "channel"]) }} as attribution_channel_key,
    attribution_model,
    label_en as model_en,
    label_zh as model_zh,
    channel,
    channel_en,
    channel_zh,
    n_conversions,
    n_not_converted,
    n_open,
    cast(n_conversions_touched as bigint) as n_conversions_touched,
    cast(n_journeys_touched as bigint) as n_journeys_touched,
    cast(credit_micro as bigint) as credit_micro,
    credit_share,
    -- The greater of a number and NULL is the number.
    case
        when credit_error is not null then greatest(0.0, credit_share - {{ normal_quantile(95) }} * credit_error)
    end as credit_share_low,
    case
        when credit_error is not null then least(1.0, credit_share + {{ normal_quantile(95) }} * credit_error)
    end as credit_share_high,
    '{{ var("reporting_currency") }}' as currency,
    cast(credited_cash_minor as bigint) as cash_minor,
    {{ ratio("credited_cash_minor", "all_cash_minor") }} as cash_share,
    raw_value,
    reading,
    reading = 'ok' as has_enough_data,
    cannot_tell_en,
    cannot_tell_zh,
    cast(display_order as integer) as display_order
from read_cells
