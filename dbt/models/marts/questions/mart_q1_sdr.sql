-- Which SDR makes more, or less, of the same leads? Observed SQLs against those a model of recorded quality
-- expects, with the limits of a funnel plot (D. J. Spiegelhalter, Stat. Med. 24, 2005): 95 % warns, 99.8 %
-- is a signal. Raw rates would blame whoever gets the worse leads.
with mqls as (select * from {{ ref('int_questions__mqls') }} where is_mature and user_id is not null),

expectations as (select * from {{ ref('int_questions__expected') }}),

speeds as (select * from {{ ref('int_questions__mql_speed') }}),

verdicts as (select * from {{ ref('question_verdict') }} where question = 'q1_sdr' and {{ in_force_now() }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

-- The window ends with the newest MQLs that had their full horizon.
members as (
    select
        mqls.user_id,
        cast(mqls.has_converted as integer) as converted,
        cast(expectations.expected_by_quality as decimal(18, 9)) as p,
        case when speeds.speed_band is not null then cast(
            expectations.expected_by_quality_and_speed as decimal(18, 9)
        ) end as p_with_speed
    from mqls
    cross join as_of
    inner join expectations on mqls.enquiry_lead_key = expectations.enquiry_lead_key
    inner join speeds on mqls.enquiry_lead_key = speeds.enquiry_lead_key
    where
        {{ seconds_between("mqls.mql_at", "as_of.as_of") }}
        < 86400 * (mqls.horizon_days + {{ policy('diagnosis', 'sdr_window_days') }})
),

counted as (
    select
        user_id,
        count(*) as n_mqls,
        sum(converted) as n_converted,
        cast(sum(p) as double) as n_expected,
        cast(sum(p_with_speed) as double) as n_expected_with_speed,
        sqrt(cast(sum(cast(p * (1 - p) as decimal(18, 9))) as double)) as standard_error
    from members
    group by user_id
),

-- How far chance alone takes the number of SQLs.
limits as (
    select
        counted.*,
        {{ normal_quantile(95) }} * standard_error as warning_distance,
        {{ normal_quantile(99.8) }} * standard_error as control_distance
    from counted
),

judged as (
    select
        limits.*,
        case
            when n_mqls < {{ policy('diagnosis', 'small_n') }} or standard_error = 0 then 'not_enough_data'
            when n_converted - n_expected > control_distance then 'better'
            when n_expected - n_converted > control_distance then 'worse'
            when abs(n_converted - n_expected) > warning_distance then 'watch'
            else 'as_expected'
        end as verdict
    from limits
)

select
    judged.user_id,
    judged.n_mqls,
    cast(judged.n_converted as bigint) as n_converted,
    judged.n_expected,
    {{ ratio("judged.n_converted", "judged.n_mqls") }} as conversion_rate,
    {{ wilson_bound("judged.n_converted", "judged.n_mqls", "low") }} as conversion_rate_low,
    {{ wilson_bound("judged.n_converted", "judged.n_mqls", "high") }} as conversion_rate_high,
    {{ ratio("judged.n_converted", "judged.n_expected") }} as observed_to_expected,
    {{ ratio("greatest(0, judged.n_converted - judged.warning_distance)", "judged.n_expected") }}
        as observed_to_expected_low,
    {{ ratio("judged.n_converted + judged.warning_distance", "judged.n_expected") }} as observed_to_expected_high,
    {{ ratio("greatest(0, judged.n_expected - judged.warning_distance)", "judged.n_expected") }} as warning_low,
    {{ ratio("judged.n_expected + judged.warning_distance", "judged.n_expected") }} as warning_high,
    {{ ratio("greatest(0, judged.n_expected - judged.control_distance)", "judged.n_expected") }} as control_low,
    {{ ratio("judged.n_expected + judged.control_distance", "judged.n_expected") }} as control_high,
    {{ ratio("judged.n_converted", "judged.n_expected_with_speed") }} as observed_to_expected_with_speed,
    judged.verdict,
{% for language in ["en", "zh"] -%}
    {{ filled("verdicts.sentence_" ~ language, {
        "observed": shown("judged.n_converted", 0),
        "expected": shown("judged.n_expected"),
        "n": shown("judged.n_mqls", 0),
        "small_n": shown(policy("diagnosis", "small_n"), 0),
    }) }} as verdict_{{ language }}{{ "," if not loop.last }}
{% endfor %}
from judged
inner join verdicts on judged.verdict = verdicts.verdict
