-- Each distinct raw e-mail, cleaned once and classified by the reference lists. The canonical address
-- is the key of the mailbox: what its provider ignores is left out (a.b+news@googlemail.com is
-- ab@gmail.com).
with spellings as (select * from {{ ref('int_identifiers__email_spellings') }}),

domains as (select * from {{ ref('int_identifiers__domains') }}),

providers as (select * from {{ ref('email_provider') }} where {{ in_force_now() }}),

roles as (select * from {{ ref('role_mailbox') }} where {{ in_force_now() }}),

free_domains as (select * from {{ ref('free_mail_domain') }} where {{ in_force_now() }}),

disposable_domains as (select * from {{ ref('disposable_mail_domain') }} where {{ in_force_now() }}),

parts as (
    select
        spellings.raw_email,
        spellings.email_written as email,
        spellings.email_local,
        domains.ascii_domain as email_domain,
        domains.registrable_domain,
        split_part(spellings.email_local, '+', 1) as local_before_plus,
        coalesce(
            {{ regex_like("spellings.email_local", "^[^@ ]{1,64}$") }}
            and {{ regex_like(
                "domains.ascii_domain", "^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?[.])+([a-z]{2,}|xn--[a-z0-9-]+)$"
            ) }},
            false
        ) as is_valid
    from spellings
    left join domains on spellings.domain_written = domains.domain
),

-- A local part of nothing but what the provider ignores stays as it is.
mailboxes as (
    select
        parts.*,
        coalesce(providers.alias_of, parts.email_domain) as mailbox_domain,
        case
            when providers.strip_plus and parts.local_before_plus <> '' then parts.local_before_plus
            else parts.email_local
        end as mailbox_local,
        coalesce(providers.strip_dots, false) as strip_dots
    from parts
    left join providers on parts.email_domain = providers.domain
)

select
    mailboxes.raw_email,
    case when mailboxes.is_valid then mailboxes.email end as email,
    case when mailboxes.is_valid then mailboxes.email_local end as email_local,
    case when mailboxes.is_valid then mailboxes.email_domain end as email_domain,
    case
        when mailboxes.is_valid
            then concat(
                case
                    when mailboxes.strip_dots
                        then coalesce(nullif(replace(mailboxes.mailbox_local, '.', ''), ''), mailboxes.mailbox_local)
                    else mailboxes.mailbox_local
                end,
                '@', mailboxes.mailbox_domain
            )
    end as canonical_email,
    case when mailboxes.is_valid then mailboxes.registrable_domain end as registrable_domain,
    mailboxes.is_valid,
    mailboxes.is_valid and roles.local_part is not null as is_role_mailbox,
    mailboxes.is_valid and free_domains.domain is not null as is_free,
    mailboxes.is_valid and disposable_domains.domain is not null as is_disposable
from mailboxes
left join roles on mailboxes.local_before_plus = roles.local_part
left join free_domains on mailboxes.email_domain = free_domains.domain
-- Throw-away providers hand out names below their domain too.
left join disposable_domains
    on coalesce(mailboxes.registrable_domain, mailboxes.email_domain) = disposable_domains.domain
