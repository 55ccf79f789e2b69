-- A channel no team answers for (L11): its leads count for the company and for nobody. A warning, since
-- a new channel is no error.
{{ config(severity='warn') }}
select channels.channel
from {{ ref('dim_channel') }} as channels
left join {{ ref('team_channel') }} as team_channels
    on channels.channel = team_channels.channel and {{ in_force_now('team_channels') }}
where team_channels.team is null and channels.channel <> '(unattributed)'
