{#
  Ids of records of the identity graph that no source numbers, for the model that makes the record and
  for those that look it up.
#}

{# Whom a message went to: the kind of address and a hash of it, as ids are published and addresses are not. #}
{% macro message_recipient_id(person_key_type, person_key) -%}
concat(lower({{ person_key_type }}), '|', md5({{ identity_token("'address'", person_key) }}))
{%- endmacro %}

{# A follower on a social platform. #}
{% macro follower_id(platform, openid, unionid) -%}
concat({{ platform }}, '|', coalesce({{ openid }}, ''), '|', coalesce({{ unionid }}, ''))
{%- endmacro %}
