-- The numbers the questions are answered with that are in force, as the Python models read them.
with policies as (
    select * from {{ ref('measure_policy') }} where measure in ('diagnosis', 'speed_effect') and {{ in_force_now() }}
)

select
    measure,
    parameter,
    param_value
from policies
