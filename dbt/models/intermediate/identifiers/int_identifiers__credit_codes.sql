-- Each distinct raw unified social credit code with the verdict of its check character.
with record_versions as (select * from {{ ref('int_identity__record_versions') }}),

distinct_raw as (
    select distinct credit_code as raw_credit_code from record_versions where credit_code is not null
),

cleaned as (
    select
        raw_credit_code,
        nullif(upper({{ regex_replace_all(half_width("raw_credit_code"), "[^0-9A-Za-z]", "") }}), '') as credit_code
    from distinct_raw
)

select
    raw_credit_code,
    credit_code,
    coalesce({{ credit_code_is_valid("credit_code") }}, false) as is_valid
from cleaned
