-- Each distinct written name as the graph sees it. With var identity_values: token nothing downstream
-- carries a name in clear: name_ref stands for the spelling, name_token for the name.
with names as (select * from {{ ref('int_identifiers__names') }})

select
    {{ identity_token("'spelling'", "raw_name") }} as name_ref,
    {{ identity_token("'name'", "name_key") }} as name_token,
    {{ identity_token("'family'", "family_name") }} as family_token,
    name_key,
    name_kind,
    family_name,
    latin_key
from names
