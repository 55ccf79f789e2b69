-- Buying role of each distinct title, by the ordered title dictionary (Chinese and English).
with periods as (select * from {{ ref('int_crm__lead_field_periods') }} where field_name = 'title'),

rules as (select * from {{ ref('title_role') }} where {{ in_force_now() }}),

titles as (select distinct field_value as title from periods where field_value is not null)

select
    titles.title,
    rules.buying_role
from titles
left join rules
    on {{ regex_like("lower(" ~ half_width("titles.title") ~ ")", "rules.title_regex") }}
qualify row_number() over (partition by titles.title order by rules.rule_order asc nulls last) = 1
