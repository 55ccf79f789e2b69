-- Grades that people gave to leads, each once, as of the instant they gave it: the CRM's rating, from its
-- history where there is one, else from the versions that changed it; and verdicts on follow-ups.
with leads as (select lead_key, source_system, lead_id, owner_id from {{ ref('int_crm__leads') }}),

changes as (select * from {{ ref('int_crm__lead_field_changes') }} where field_name = 'rating'),

logged as (select distinct lead_key from changes),

versions as (
    {{ version_periods(ref('stg_crm__leads'), ['_source_system', 'lead_id'], ['updated_at']) }}
),

rated_versions as (
    select
        *,
        lag(rating) over (partition by _source_system, lead_id order by known_from asc nulls last) as rating_before
    from versions
    where not _is_deleted
),

followup_deliveries as (select * from {{ ref('stg_crm__followups') }}),

followups as ({{ latest_version('followup_deliveries', ['_source_system', 'followup_id'], ['recorded_at']) }}),

grades as (
    select
        'crm_rating' as grade_source, changes.lead_key, changes.change_key as source_key,
        changes.changed_by as user_id, changes.new_value as grade_value,
        changes.changed_at as judged_at, changes.first_known_at as known_at
    from changes
    union all
    select
        'crm_rating' as grade_source, leads.lead_key,
        {{ surrogate_key(["leads.lead_key", "rated_versions.known_from"]) }} as source_key,
        rated_versions.owner_id as user_id, rated_versions.rating as grade_value,
        coalesce(rated_versions.updated_at, rated_versions.created_at) as judged_at,
        rated_versions.known_from as known_at
    from rated_versions
    inner join leads
        on rated_versions._source_system = leads.source_system and rated_versions.lead_id = leads.lead_id
    left join logged on leads.lead_key = logged.lead_key
    where logged.lead_key is null and rated_versions.rating is distinct from rated_versions.rating_before
    union all
    select
        'followup_verdict' as grade_source, leads.lead_key,
        {{ surrogate_key(["followups._source_system", "followups.followup_id"]) }} as source_key,
        followups.user_id, followups.quality_verdict as grade_value,
        followups.recorded_at as judged_at, followups.first_known_at as known_at
    from followups
    inner join leads
        on followups._source_system = leads.source_system and followups.lead_id = leads.lead_id
    where not followups._is_deleted
)

select
    {{ surrogate_key(["grade_source", "source_key"]) }} as score_grade_key,
    grade_source,
    lead_key,
    user_id,
    grade_value,
    judged_at,
    known_at
from grades
where grade_value is not null
