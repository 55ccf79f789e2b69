-- What a predicate is judged by: the fields themselves, and the classes of e-mails and phones.
with periods as (select * from {{ ref('int_qualification__field_periods') }}),

emails as (select * from {{ ref('int_identifiers__emails') }}),

own_domains as (select * from {{ ref('own_domain') }} where {{ in_force_now() }}),

phones as (select * from {{ ref('int_identifiers__phones') }})

select lead_key, field_name as signal, field_value as signal_value, valid_from, valid_to, known_at
from periods
union all
select
    periods.lead_key,
    'email_class' as signal,
    case
        when periods.field_value is null then 'none'
        when not coalesce(emails.is_valid, false) then 'invalid'
        when emails.is_disposable then 'disposable'
        when emails.is_free then 'free'
        when own_domains.email_domain is not null then 'own'
        else 'enterprise'
    end as signal_value,
    periods.valid_from, periods.valid_to, periods.known_at
from periods
left join emails on periods.field_value = emails.raw_email
left join own_domains on emails.email_domain = own_domains.email_domain
where periods.field_name = 'email'
union all
-- Two fields, two statements of one class: a mobile in either is a mobile.
select
    periods.lead_key,
    'phone_class' as signal,
    coalesce(nullif(phones.phone_type, 'empty'), 'none') as signal_value,
    periods.valid_from, periods.valid_to, periods.known_at
from periods
left join phones on periods.field_value = phones.raw_phone
where periods.field_name in ('mobile_phone', 'phone')
