-- Each distinct raw e-mail, cleaned once and classified by the reference lists.
with records as (select * from {{ ref('int_identity__record_versions') }}),

roles as (select * from {{ ref('role_mailbox') }} where {{ in_force_now() }}),

free_domains as (select * from {{ ref('free_mail_domain') }} where {{ in_force_now() }}),

disposable_domains as (select * from {{ ref('disposable_mail_domain') }} where {{ in_force_now() }}),

distinct_raw as (select distinct email as raw_email from records where email is not null),

cleaned as (
    select
        raw_email,
        lower({{ regex_replace_all(half_width("raw_email"), '[ <>"]', "") }}) as email
    from distinct_raw
),

parts as (
    select
        raw_email,
        email,
        split_part(email, '@', 1) as email_local,
        split_part(email, '@', 2) as email_domain,
        {{ regex_like("email", "^[^@]+@[^@]+[.][^@.]{2,}$") }} as is_valid
    from cleaned
)

select
    parts.raw_email,
    case when parts.is_valid then parts.email end as email,
    case when parts.is_valid then parts.email_local end as email_local,
    case when parts.is_valid then parts.email_domain end as email_domain,
    case when parts.is_valid then parts.email end as canonical_email,
    case when parts.is_valid then parts.email_domain end as registrable_domain,
    parts.is_valid,
    parts.is_valid and roles.local_part is not null as is_role_mailbox,
    parts.is_valid and free_domains.domain is not null as is_free,
    parts.is_valid and disposable_domains.domain is not null as is_disposable
from parts
left join roles on parts.email_local = roles.local_part
left join free_domains on parts.email_domain = free_domains.domain
left join disposable_domains on parts.email_domain = disposable_domains.domain
