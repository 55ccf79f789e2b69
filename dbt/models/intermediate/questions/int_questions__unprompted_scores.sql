-- The score of what leads did of their own accord: without what they did in the days after a touch of ours.
-- Sales activity before a win raises the behaviour score, and would look like foresight (D9).
with moments as (select distinct lead_key from {{ ref('int_questions__win_moments') }}),

all_hits as (select * from {{ ref('int_scoring__lead_hits') }}),

contacts as (select * from {{ ref('int_sla__contacts') }} where is_attempt),

all_attributes as (select * from {{ ref('int_scoring__attribute_periods') }}),

starts as (select lead_key, created_at as starts_at from {{ ref('int_leads__leads') }}),

turning_points as (select valid_from as turns_at from {{ ref('int_scoring__cap_periods') }}),

leads as (select starts.* from starts inner join moments on starts.lead_key = moments.lead_key),

hits as (
    select all_hits.*
    from all_hits
    inner join moments on all_hits.lead_key = moments.lead_key
    left join contacts
        on
            all_hits.lead_key = contacts.lead_key
            and all_hits.occurred_at > contacts.occurred_at
            and {{ seconds_later("all_hits.occurred_at", "(-86400 * " ~ policy("prewin", "answer_days") ~ ")") }}
            <= contacts.occurred_at
    where contacts.lead_key is null
),

attributes as (
    select all_attributes.* from all_attributes inner join moments on all_attributes.lead_key = moments.lead_key
),

items as (
    {{ item_intervals('hits') }}
),

deltas as (
    {{ score_deltas('leads', 'items', 'attributes', 'turning_points') }}
),

intervals as (
    {{ score_intervals('deltas', 'presence.computable_from') }}
)

select
    lead_key,
    valid_from,
    valid_to,
    total_points
from intervals
