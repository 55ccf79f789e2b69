-- Each distinct raw website with the domain that somebody registered.
with hosts as (select * from {{ ref('int_identifiers__website_hosts') }}),

domains as (select * from {{ ref('int_identifiers__domains') }})

select
    hosts.raw_website,
    hosts.host,
    domains.registrable_domain
from hosts
left join domains on hosts.host_written = domains.domain
