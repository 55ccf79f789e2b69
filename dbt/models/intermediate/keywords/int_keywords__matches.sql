-- Evidence x the keyword it names. The platform's own word on the click goes first, then the tagged id,
-- then the tagged text; where only the campaign is known, the campaign's row without a keyword.
with evidence as (
    select distinct evidence_key, platform, utm_campaign, utm_term, click_id_type, click_id
    from {{ ref('int_keywords__evidence') }}
),

keywords as (select * from {{ ref('int_keywords__keywords') }}),

clicks as (
    {{ latest_version(ref('stg_ads__ad_click_map'), ['_source_system', 'click_id', 'click_id_type']) }}
),

found as (
    select
        evidence.evidence_key, keywords.keyword_key, 'click_id' as matched_by,
        case when clicks.keyword_id is not null then 1 else 5 end as place
    from evidence
    inner join clicks
        on evidence.click_id = clicks.click_id and evidence.click_id_type = lower(clicks.click_id_type)
    inner join keywords
        on
            clicks._source_system = keywords.source_system
            and clicks.campaign_id = keywords.campaign_id
            and coalesce(clicks.keyword_id, '') = coalesce(keywords.keyword_id, '')
    where not clicks._is_deleted
    union all
    select evidence.evidence_key, keywords.keyword_key, 'term_id' as matched_by, 2 as place
    from evidence
    inner join keywords on evidence.platform = keywords.platform and evidence.utm_term = keywords.keyword_id
    union all
    select
        evidence.evidence_key, keywords.keyword_key, 'term_text' as matched_by,
        case when evidence.utm_campaign = keywords.campaign_id then 3 else 4 end as place
    from evidence
    inner join keywords
        on evidence.platform = keywords.platform and lower(evidence.utm_term) = lower(keywords.keyword_text)
    union all
    select evidence.evidence_key, keywords.keyword_key, 'campaign' as matched_by, 6 as place
    from evidence
    inner join keywords on evidence.platform = keywords.platform and evidence.utm_campaign = keywords.campaign_id
    where keywords.keyword_id is null
),

counted as (
    select *, count(*) over (partition by evidence_key, place) as n_found
    from found
)

select evidence_key, keyword_key, matched_by
from counted
-- A text that several keywords have, or an id of several accounts, names none of them.
where n_found = 1
qualify row_number() over (partition by evidence_key order by place asc nulls last) = 1
