-- Every statement about a customer with what the rules take it to mean. A row for the very word wins
-- over the row for all words of its source.
with said as (select * from {{ ref('int_customer__said') }}),

rules as (select * from {{ ref('customer_signal') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

words as (
    select said.*, rules.signal_value as rule_value, rules.meaning, rules.milestone_kind
    from said
    inner join rules
        on
            said.signal_source = rules.signal_source
            and coalesce(said.signal_value, '*') = lower(rules.signal_value)
            and {{ in_force('rules', business_date('said.occurred_at')) }}
    union all
    select said.*, rules.signal_value as rule_value, rules.meaning, rules.milestone_kind
    from said
    inner join rules
        on
            said.signal_source = rules.signal_source
            and rules.signal_value = '*'
            and {{ in_force('rules', business_date('said.occurred_at')) }}
)

select
    words.signal_key,
    words.signal_source,
    words.source_key,
    words.account_key,
    words.signal_value,
    words.meaning,
    words.milestone_kind,
    words.occurred_at,
    words.amount_minor,
    words.known_at
from words
cross join as_of
-- What is signed for tomorrow has not happened.
where words.occurred_at <= as_of.as_of
qualify
    row_number() over (
        partition by words.signal_key
        order by case when words.rule_value = '*' then 1 else 0 end asc nulls last
    ) = 1
