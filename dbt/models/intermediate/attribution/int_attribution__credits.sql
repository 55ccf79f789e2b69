-- Conversion x touch with what each model gives the touch, one pair of columns per model: cents of the
-- cash, and millionths of the conversion. Both are differences of rounded cumulative shares, so they
-- add up exactly. Wide, since one row per model costs five times as much.
with journeys as (select * from {{ ref('int_attribution__journeys') }} where conversion_key is not null),

conversions as (select conversion_key, cash_minor from {{ ref('int_attribution__conversions') }}),

channels as (select * from {{ ref('channel') }} where {{ in_force_now() }}),

models as (select * from {{ ref('attribution_model') }} where is_enabled and {{ in_force_now() }}),

weights as (
    select
        max(half_life_days) filter (where attribution_model = 'time_decay') as half_life_days,
        {% for model, anchors in shaped_models().items() -%}
        {% for anchor in anchors -%}
        max(coalesce({{ anchor }}_weight, 0)) filter (
            where attribution_model = '{{ model }}'
        ) as {{ model }}_{{ anchor }},
        {% endfor -%}
        max(coalesce(others_weight, 0)) filter (where attribution_model = '{{ model }}') as {{ model }}_others,
        {% endfor -%}
        max(passed_over_family) filter (where attribution_model = 'last_non_direct') as passed_over_family
    from models
),

kept_channels as (
    select channels.channel
    from channels
    inner join weights on channels.channel_family is distinct from weights.passed_over_family
),

-- Weights of time decay are whole numbers up to 2^32, so that sums of them are exact in any order.
weighed as (
    select
        journeys.*,
        case when kept_channels.channel is not null then journeys.touch_position end as kept_position,
        coalesce(floor(power(2.0, 32 - {{ seconds_between("journeys.touched_at", "journeys.last_touched_at") }}
            / (86400.0 * weights.half_life_days))), 1) as decay_weight
    from journeys
    cross join weights
    left join kept_channels on journeys.channel = kept_channels.channel
),

placed as (
    select
        conversion_key, touch_position, touchpoint_key, channel, touched_at, n_touches,
        lead_position, opportunity_position,
        coalesce(max(kept_position) over whole, n_touches) as last_kept_position,
        sum(decay_weight) over so_far as time_decay_part,
        sum(decay_weight) over so_far - decay_weight as time_decay_before,
        sum(decay_weight) over whole as time_decay_whole
    from weighed
    window
        so_far as (
            partition by conversion_key order by touch_position asc nulls last
            rows between unbounded preceding and current row
        ),
        -- Without an order: a sum over an ordered whole is made row by row.
        whole as (partition by conversion_key)
),

counted as (
    select
        placed.*,
        {% for model, anchors in shaped_models().items() -%}
        placed.n_touches - {{ anchors_up_to(anchors, "placed.n_touches") }} as {{ model }}_n_others,
        {% endfor -%}
        conversions.cash_minor
    from placed
    inner join conversions on placed.conversion_key = conversions.conversion_key
),

shared as (
    select
        counted.*,
        {% for model, anchors in shaped_models().items() -%}
        {{ touch_share_part(model, anchors, "touch_position") }} as {{ model }}_part,
        {{ touch_share_part(model, anchors, "(touch_position - 1)") }} as {{ model }}_before,
        {{ touch_share_whole(model, anchors) }} as {{ model }}_whole,
        {% endfor -%}
        touch_position as linear_part,
        touch_position - 1 as linear_before,
        n_touches as linear_whole
    from counted
    cross join weights
)

select
    conversion_key, touch_position, n_touches, touchpoint_key, channel, touched_at
    {%- for model, anchors in touch_models().items() %}
    {%- for amount, unit in (("cash_minor", "minor"), ("1000000", "micro")) %},
    {% if anchors is not none and anchors | length == 1 -%}
    case when touch_position = {{ anchor_position(anchors[0]) }} then {{ amount }} else 0 end
    {%- else -%}
    {{ telescoped_minor(amount, model ~ "_part", model ~ "_whole") }}
    - {{ telescoped_minor(amount, model ~ "_before", model ~ "_whole") }}
    {%- endif %} as {{ model }}_{{ unit }}
    {%- endfor %}
    {%- endfor %}
from shared
