-- What titles said of a person's buying role at an account: where a record's title and its company
-- hold together, since the later of the two.
with statements as (select * from {{ ref('int_golden__company_statements') }}),

titles as (select * from {{ ref('int_golden__stated_values') }} where attribute = 'title'),

roles as (select * from {{ ref('int_golden__title_roles') }} where buying_role is not null),

rules as (
    select * from {{ ref('survivorship') }}
    where entity = 'person' and attribute = 'title' and {{ in_force_now() }}
),

default_rule as (select max(trust) as trust from rules where record_type = '*'),

joined as (
    select
        statements.person_key,
        statements.account_key,
        greatest(statements.stated_at, titles.said_at) as stated_at,
        statements.record_key,
        roles.buying_role,
        roles.role_confidence,
        coalesce(rules.trust, default_rule.trust) as trust
    from statements
    inner join titles
        on
            statements.record_key = titles.record_key
            and (titles.said_until is null or statements.stated_at < titles.said_until)
            and (statements.stated_until is null or statements.stated_until > titles.said_at)
    inner join roles on titles.raw_value = roles.title
    cross join default_rule
    left join rules on statements.record_type = rules.record_type
)

-- One word per instant: the more trusted record, then the clearer title.
select
    person_key,
    account_key,
    stated_at,
    record_key,
    buying_role,
    role_confidence
from joined
qualify
    row_number() over (
        partition by person_key, account_key, stated_at
        order by trust desc nulls last, role_confidence desc nulls last, record_key asc nulls last
    ) = 1
