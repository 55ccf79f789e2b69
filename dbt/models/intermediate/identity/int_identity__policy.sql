-- The numbers the graph is judged with that are in force, as the Python models read them.
with policies as (select * from {{ ref('measure_policy') }} where measure = 'identity' and {{ in_force_now() }})

select
    parameter,
    param_value
from policies
