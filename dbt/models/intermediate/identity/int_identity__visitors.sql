-- Web visitors (cookies): a visitor is a person when all its identified submissions are the same
-- person; a shared device stays anonymous. Cookies never join persons.
with submissions as (select * from {{ ref('int_web__form_submissions') }}),

events as (select * from {{ ref('int_web__events') }}),

persons as (
    select * from {{ ref('int_identity__person_records') }}
    where record_type = 'form_submission' and is_identified
),

seen as (
    select source_system, anonymous_id, min(first_known_at) as first_known_at
    from (
        select source_system, anonymous_id, first_known_at from events
        union all
        select source_system, anonymous_id, first_known_at from submissions
    ) as sightings
    where anonymous_id is not null
    group by source_system, anonymous_id
),

claimed as (
    select
        submissions.source_system,
        submissions.anonymous_id,
        min(persons.person_key) as person_key,
        count(distinct persons.person_key) as n_persons
    from submissions
    inner join persons
        on
            submissions.source_system = persons.source_system
            and submissions.submission_id = persons.record_id
    where submissions.anonymous_id is not null
    group by submissions.source_system, submissions.anonymous_id
)

select
    {{ surrogate_key(["'web_visitor'", "seen.source_system", "seen.anonymous_id"]) }} as record_key,
    seen.source_system,
    seen.anonymous_id,
    seen.first_known_at,
    coalesce(claimed.n_persons, 0) as n_persons,
    case when claimed.n_persons = 1 then claimed.person_key end as person_key
from seen
left join claimed
    on seen.source_system = claimed.source_system and seen.anonymous_id = claimed.anonymous_id
