{#
  Key of a distinct channel signal; callers and int_channels__evidence must agree on the columns.
    referrer   referring_page()
    platform   the ad platform of a cost line
#}
{% macro channel_signal_key(
    lead_source="null", utm_source="null", utm_medium="null", utm_campaign="null",
    click_id_type="null", referrer="null", platform="null", touch_kind="null"
) -%}
{{ surrogate_key([
    "lower(" ~ lead_source ~ ")", "lower(" ~ utm_source ~ ")", "lower(" ~ utm_medium ~ ")",
    "lower(" ~ utm_campaign ~ ")", "lower(" ~ click_id_type ~ ")", "lower(" ~ referrer ~ ")",
    "lower(" ~ platform ~ ")", "lower(" ~ touch_kind ~ ")",
]) }}
{%- endmacro %}

{#
  The page that sent a visit, as channel rules read it: host without www and the first part of the
  path, in lower case (mp.weixin.qq.com/s). NULL for a page of the same host, and for a visit whose
  utm_source says it better.
#}
{% macro referring_page(referrer, page_url, utm_source) -%}
{%- set host = '^[a-z][a-z0-9+.-]*:/{2}(?:[^/?#@]*@)?(?:www[.])?([^/:?#]+)' -%}
{%- set from_host = regex_extract("lower(" ~ referrer ~ ")", host, 1) -%}
{%- set own_host = regex_extract("lower(" ~ page_url ~ ")", host, 1) -%}
case
    when {{ utm_source }} is null and {{ from_host }} <> coalesce({{ own_host }}, '')
        then
            nullif(concat_ws(
                '/', {{ from_host }},
                nullif({{ regex_extract("lower(" ~ referrer ~ ")", '^[a-z][a-z0-9+.-]*:/{2}[^/?#]+/([^/?#]+)', 1) }}, '')
            ), '')
end
{%- endmacro %}

{#
  The names under which a site may be listed in seeds/rules/traffic_platform_name.csv: the text
  itself, its host and each parent domain of two to four labels, with and without the first part of
  the path. SQL expressions; '' where there is no such name.
    text   utm_source or referring_page(), in lower case
#}
{% macro site_names(text) -%}
{%- set names = [text] -%}
{%- set host = "split_part(" ~ text ~ ", '/', 1)" -%}
{%- set path = "split_part(" ~ text ~ ", '/', 2)" -%}
{%- for labels in [2, 3, 4] -%}
{%- set domain = regex_extract(host, "([^.]+[.]){" ~ (labels - 1) ~ "}[^.]+$") -%}
{%- do names.append(domain) -%}
{%- do names.append("concat(" ~ domain ~ ", '/', " ~ path ~ ")") -%}
{%- endfor -%}
{{ return(names) }}
{%- endmacro %}

{# The columns of channel evidence of an interaction whose kind is all there is. #}
{% macro no_channel_evidence() -%}
null as utm_source, null as utm_medium, null as utm_campaign, null as click_id_type, null as referrer
{%- endmacro %}
