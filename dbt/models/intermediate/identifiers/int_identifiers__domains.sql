-- Each domain of an e-mail or website in ASCII, and the part of it that somebody registered, by the
-- Public Suffix List: mail.acme.com.cn belongs to whoever registered acme.com.cn.
with email_spellings as (select * from {{ ref('int_identifiers__email_spellings') }}),

website_hosts as (select * from {{ ref('int_identifiers__website_hosts') }}),

idn_domains as (select * from {{ ref('int_identifiers__idn_domains') }}),

suffixes as (select * from {{ ref('public_suffix') }}),

written as (
    select domain_written as domain from email_spellings where domain_written is not null
    union
    select host_written as domain from website_hosts where host_written is not null
),

ascii_domains as (
    select
        written.domain,
        case when idn_domains.domain is null then written.domain else idn_domains.ascii_domain end as ascii_domain
    from written
    left join idn_domains on written.domain = idn_domains.domain
),

-- Every domain once, with its number of labels. An IP address has none that is registered.
names as (
    select distinct
        ascii_domain,
        length(ascii_domain) - length(replace(ascii_domain, '.', '')) + 1 as n_labels
    from ascii_domains
    where
        {{ regex_like("ascii_domain", "^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?[.])+[a-z0-9-]*[a-z][a-z0-9-]*$") }}
),

label_positions as ({{ series(1, "(select coalesce(max(n_labels), 0) from names)", "label_position") }}),

labels as (
    select
        names.ascii_domain,
        names.n_labels,
        label_positions.label_position,
        split_part(names.ascii_domain, '.', cast(label_positions.label_position as integer)) as label
    from names
    inner join label_positions on names.n_labels >= label_positions.label_position
),

-- The domain from each of its labels on: a.b.cn, b.cn, cn.
tails as (
    select
        ascii_domain,
        n_labels - label_position + 1 as tail_labels,
        substring(
            ascii_domain,
            1 + cast(
                sum(length(label) + 1) over (
                    partition by ascii_domain order by label_position asc nulls last
                ) - length(label) - 1 as integer
            )
        ) as tail,
        n_labels
    from labels
),

-- How many labels the public suffix has: an exception takes one off, a wildcard adds one.
suffix_lengths as (
    select
        tails.ascii_domain,
        coalesce(
            max(case when suffixes.kind = 'exception' then tails.tail_labels - 1 end),
            max(
                case
                    when suffixes.kind = 'plain' then tails.tail_labels
                    when suffixes.kind = 'wildcard' and tails.tail_labels < tails.n_labels then tails.tail_labels + 1
                end
            )
        ) as suffix_labels
    from tails
    inner join suffixes on tails.tail = suffixes.suffix
    group by tails.ascii_domain
),

registered as (
    select tails.ascii_domain, tails.tail as registrable_domain
    from tails
    inner join suffix_lengths
        on tails.ascii_domain = suffix_lengths.ascii_domain and tails.tail_labels = suffix_lengths.suffix_labels + 1
)

select
    ascii_domains.domain,
    ascii_domains.ascii_domain,
    registered.registrable_domain
from ascii_domains
left join registered on ascii_domains.ascii_domain = registered.ascii_domain
