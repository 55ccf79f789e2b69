-- Retention of what fell due in a month: a cohort, never a ratio of two calendar sums. GRR = kept / due,
-- NRR = (renewed + expansion) / due. Money needs the renewals; terms come from the contracts.
with terms as (select * from {{ ref('int_customer__due_terms') }}),

amounts as (select * from {{ ref('int_customer__due_amounts') }}),

presence as (
    select * from {{ ref('int_quality__extract_presence') }} where extract_table = 'renewals'
),

term_months as (
    select
        due_month,
        count(*) as n_terms_due,
        count(*) filter (where outcome = 'renewed') as n_renewed,
        count(*) filter (where outcome = 'renewed' and renewal_basis = 'silent') as n_renewed_silently,
        count(*) filter (where outcome = 'ended') as n_ended,
        count(*) filter (where outcome = 'open') as n_open
    from terms
    group by due_month
),

amount_months as (
    select
        due_month,
        sum(n_renewals) as n_renewals,
        sum(n_open) as n_undecided,
        sum(n_unknown) as n_unknown,
        cast(sum(due_minor) as bigint) as due_minor,
        cast(sum(kept_minor) as bigint) as kept_minor,
        cast(sum(renewed_minor) as bigint) as renewed_minor,
        cast(sum(expansion_minor) as bigint) as expansion_minor
    from amounts
    group by due_month
),

months as (
    select due_month from term_months
    union
    select due_month from amount_months
),

joined as (
    select
        months.due_month,
        coalesce(term_months.n_terms_due, 0) as n_terms_due,
        coalesce(term_months.n_renewed, 0) as n_renewed,
        coalesce(term_months.n_renewed_silently, 0) as n_renewed_silently,
        -- What renewed by itself without anybody saying so is shown, and is no evidence of retention.
        coalesce(term_months.n_renewed - term_months.n_renewed_silently, 0) as n_known_renewed,
        coalesce(term_months.n_ended, 0) as n_ended,
        coalesce(term_months.n_open, 0) as n_open,
        amount_months.n_renewals,
        amount_months.due_minor,
        amount_months.kept_minor,
        amount_months.renewed_minor,
        amount_months.expansion_minor,
        case
            when not presence.is_present then 'not_computable'
            when amount_months.n_renewals is null then 'nothing_due'
            when amount_months.n_unknown > 0 then 'unknown_amount'
            when amount_months.n_undecided > 0 then 'undecided'
            else 'ok'
        end as ratio_status
    from months
    cross join presence
    left join term_months on months.due_month = term_months.due_month
    left join amount_months on months.due_month = amount_months.due_month
)

select
    due_month,
    n_terms_due,
    n_renewed,
    n_renewed_silently,
    n_ended,
    n_open,
    {{ ratio("n_known_renewed", "(n_known_renewed + n_ended)") }} as term_renewal_rate,
    {{ wilson_bound("n_known_renewed", "(n_known_renewed + n_ended)", "low") }} as term_renewal_rate_low,
    {{ wilson_bound("n_known_renewed", "(n_known_renewed + n_ended)", "high") }} as term_renewal_rate_high,
    cast(n_renewals as integer) as n_renewals,
    due_minor,
    kept_minor,
    renewed_minor,
    expansion_minor,
    {{ ratio("kept_minor", "due_minor", "ratio_status = 'ok'") }} as gross_retention,
    {{ ratio("(renewed_minor + expansion_minor)", "due_minor", "ratio_status = 'ok'") }} as net_retention,
    ratio_status
from joined
