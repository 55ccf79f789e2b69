-- The bands of speed in force, for SQL and for the Python models.
with bands as (select * from {{ ref('question_speed_band') }} where {{ in_force_now() }})

select
    speed_band,
    cast(band_order as integer) as band_order,
    max_hours
from bands
