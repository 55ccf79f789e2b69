-- Journey x record of its people, anonymous browsers included: they are records of the person since
-- somebody gave a name in them. Carries the window, so that the join with touches is of two tables:
-- with three, ranges of time between two of them invite a nested loop.
with windows as (select * from {{ ref('int_attribution__windows') }}),

parties as (select * from {{ ref('int_attribution__parties') }}),

identities as (select * from {{ ref('int_attribution__identity_periods') }}),

party_records as (
    select distinct
        parties.journey_key,
        identities.record_key
    from parties
    inner join identities
        on
            parties.person_key = identities.person_key
            and parties.ended_at > identities.converted_after
            and parties.ended_at <= identities.converted_until
)

select
    party_records.journey_key,
    windows.journey_number,
    party_records.record_key,
    windows.began_at,
    windows.counts_after,
    windows.ended_at
from party_records
inner join windows on party_records.journey_key = windows.journey_key
