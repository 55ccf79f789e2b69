-- The words that names are read by, those in force, in one list for the parser.
with honorifics as (select * from {{ ref('honorific_name') }} where {{ in_force_now() }}),

family_names as (select * from {{ ref('family_name') }} where {{ in_force_now() }}),

characters as (select * from {{ ref('traditional_simplified') }})

select
    'pattern' as word_list, name_regex as word, name_kind as meaning,
    cast(null as integer) as frequency_rank
from honorifics
union
select 'family_name' as word_list, family_name as word, reading as meaning, frequency_rank
from family_names
union
select
    'traditional' as word_list, trad as word, simp as meaning,
    cast(null as integer) as frequency_rank
from characters
