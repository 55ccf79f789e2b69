-- gross = net + duplicate + excluded, exactly, per business day of creation and channel.
with leads as (select * from {{ ref('dim_lead') }}),

counted as (
    select
        created_date,
        channel,
        count(*) as n_gross,
        count(*) filter (where cleaning_outcome = 'exclude') as n_excluded,
        count(*) filter (where cleaning_outcome = 'duplicate') as n_duplicate,
        count(*) filter (where cleaning_outcome = 'net') as n_net,
        count(*) filter (where cleaning_outcome = 'net' and n_flags > 0) as n_net_flagged,
        count(distinct person_key) as n_persons,
        count(*) filter (where has_name and has_company and has_email and has_phone) as n_core4_complete
    from leads
    group by created_date, channel
)

select
    {{ surrogate_key(["created_date", "channel"]) }} as lead_quality_key,
    created_date,
    channel,
    n_gross,
    n_excluded,
    n_duplicate,
    n_net,
    n_net_flagged,
    n_persons,
    n_core4_complete,
    {{ ratio("n_net", "n_gross") }} as net_share,
    {{ ratio("n_core4_complete", "n_gross") }} as core4_share
from counted
