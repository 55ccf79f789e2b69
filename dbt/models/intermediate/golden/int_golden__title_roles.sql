-- Buying role of each distinct title, by the ordered title dictionary (Chinese and English).
with versions as (select * from {{ ref('int_identity__record_versions') }}),

lead_periods as (select * from {{ ref('int_crm__lead_field_periods') }} where field_name = 'title'),

lead_periods_then as (
    select * from {{ ref('int_crm__lead_field_periods_then') }} where field_name = 'title'
),

rules as (select * from {{ ref('title_role') }} where {{ in_force_now() }}),

titles as (
    select title from versions where title is not null
    union
    select field_value as title from lead_periods where field_value is not null
    union
    select field_value as title from lead_periods_then where field_value is not null
)

select
    titles.title,
    rules.buying_role,
    rules.role_confidence
from titles
left join rules
    on {{ regex_like("lower(" ~ half_width("titles.title") ~ ")", "rules.title_regex") }}
qualify row_number() over (partition by titles.title order by rules.rule_order asc nulls last) = 1
