-- Volumes of the last days that days of the same kind hardly ever have (A09, methods.md 8). A warning:
-- a trade show is no error, but a form that broke is.
{{ config(severity='warn') }}
select anomalies.*
from {{ ref('mart_volume_anomaly') }} as anomalies
inner join {{ ref('volume_check') }} as checks
    on anomalies.volume_check = checks.volume_check and {{ in_force_now('checks') }}
where
    anomalies.is_anomaly
    and anomalies.date_day
    > (select {{ business_date('as_of') }} from {{ ref('int_time__as_of') }}) - checks.recent_days
