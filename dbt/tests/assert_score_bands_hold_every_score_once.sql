-- A row is an instant at which the bands of the score (E09) do not hold each of 0 to 100 points once.
with bands as (select * from {{ ref('int_scoring__bands') }}),

instants as (select distinct valid_from as instant from bands),

ordered as (
    select
        instants.instant,
        bands.min_points,
        bands.max_points,
        lag(bands.max_points) over (partition by instants.instant order by bands.min_points asc nulls last)
            as max_points_before,
        max(bands.max_points) over (partition by instants.instant) as highest
    from instants
    left join bands
        on
            instants.instant >= bands.valid_from
            and instants.instant < coalesce(bands.valid_to, timestamp '9999-12-31 00:00:00')
)

select *
from ordered
where
    min_points is distinct from coalesce(max_points_before, -1) + 1
    or max_points < min_points
    or highest <> 100
