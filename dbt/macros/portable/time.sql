{#
  Instants are UTC timestamps without a zone. `zone` is an IANA name or a SQL expression that gives
  one (a column with the account's time zone).
#}

{# Wall-clock timestamp in a zone of a UTC instant. #}
{% macro to_local(instant, zone) -%}
    {{ return(adapter.dispatch('to_local')(instant, zone)) }}
{%- endmacro %}

{% macro default__to_local(instant, zone) -%}
((({{ instant }}) at time zone 'UTC') at time zone {{ zone_sql(zone) }})
{%- endmacro %}

{% macro spark__to_local(instant, zone) -%}
from_utc_timestamp({{ instant }}, {{ zone_sql(zone) }})
{%- endmacro %}

{# Calendar day in a zone of a UTC instant. #}
{% macro to_local_date(instant, zone) -%}
cast({{ to_local(instant, zone) }} as date)
{%- endmacro %}

{# UTC instant of a wall-clock timestamp in a zone. #}
{% macro to_utc(local_time, zone) -%}
    {{ return(adapter.dispatch('to_utc')(local_time, zone)) }}
{%- endmacro %}

{% macro default__to_utc(local_time, zone) -%}
((({{ local_time }}) at time zone {{ zone_sql(zone) }}) at time zone 'UTC')
{%- endmacro %}

{% macro spark__to_utc(local_time, zone) -%}
to_utc_timestamp({{ local_time }}, {{ zone_sql(zone) }})
{%- endmacro %}

{# Seconds from one instant to another, a double; negative when the second is earlier. #}
{% macro seconds_between(from_instant, to_instant) -%}
    {{ return(adapter.dispatch('seconds_between')(from_instant, to_instant)) }}
{%- endmacro %}

{% macro default__seconds_between(from_instant, to_instant) -%}
(cast(epoch_us({{ to_instant }}) - epoch_us({{ from_instant }}) as double) / 1000000)
{%- endmacro %}

{% macro spark__seconds_between(from_instant, to_instant) -%}
(cast(unix_micros({{ to_instant }}) - unix_micros({{ from_instant }}) as double) / 1000000)
{%- endmacro %}

{# UTC instant of microseconds since 1970 (a bigint). #}
{% macro from_epoch_micros(micros) -%}
    {{ return(adapter.dispatch('from_epoch_micros')(micros)) }}
{%- endmacro %}

{% macro default__from_epoch_micros(micros) -%}
make_timestamp({{ micros }})
{%- endmacro %}

{% macro spark__from_epoch_micros(micros) -%}
timestamp_micros({{ micros }})
{%- endmacro %}

{# UTC instant of an ISO text with seconds and an offset (…+08:00, …+0800, …Z). #}
{% macro from_offset_text(text) -%}
    {{ return(adapter.dispatch('from_offset_text')(text)) }}
{%- endmacro %}

{% macro default__from_offset_text(text) -%}
(try_cast({{ text }} as timestamp with time zone) at time zone 'UTC')
{%- endmacro %}

{# Spark reads +08:00 but not +0800. #}
{% macro spark__from_offset_text(text) -%}
try_cast(regexp_replace({{ text }}, '([+-][0-9]{2})([0-9]{2})$', '$1:$2') as timestamp)
{%- endmacro %}
