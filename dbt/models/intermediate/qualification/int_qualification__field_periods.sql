-- The value of each lead field of the seed lead_field as of any instant. Two changes at one instant
-- leave the later one in the total order.
with words as (select * from {{ ref('int_qualification__field_words') }}),

last_of_instant as (
    select *
    from words
    qualify
        row_number() over (
            partition by lead_key, field_name, held_from
            order by said_at desc nulls last, source_sequence desc nulls first, word_key desc nulls last
        ) = 1
),

changes as (
    select *
    from last_of_instant
    qualify
        row_number() over (partition by lead_key, field_name order by held_from asc nulls last) = 1
        or field_value is distinct from lag(field_value) over (
            partition by lead_key, field_name order by held_from asc nulls last
        )
)

select
    lead_key,
    field_name,
    field_value,
    held_from as valid_from,
    lead(held_from) over (
        partition by lead_key, field_name order by held_from asc nulls last
    ) as valid_to,
    known_at
from changes
