-- Whom the first matching rule expected at each distribution. A round robin takes the members of the
-- team of that instant in the order of their ids, one after the other; what the source assigned itself
-- takes no turn.
with assignments as (select * from {{ ref('int_routing__assignments') }} where is_distribution),

rules as (select * from {{ ref('assignment_rule') }}),

users as (select * from {{ ref('int_routing__users') }}),

matched as (
    select
        assignments.*, rules.rule_id, rules.rule_order, rules.rule_kind, rules.assign_to, rules.rule_version
    from assignments
    inner join rules on assignments.side = rules.side and {{ in_force('rules', 'assignments.assigned_date') }}
    where
        case rules.match_field
            when 'country' then {{ regex_like("assignments.country", "rules.match_regex") }}
            when 'city' then {{ regex_like("assignments.city", "rules.match_regex") }}
            when 'industry' then {{ regex_like("assignments.industry", "rules.match_regex") }}
            when 'channel' then {{ regex_like("assignments.channel", "rules.match_regex") }}
            when 'lead_source' then {{ regex_like("assignments.lead_source", "rules.match_regex") }}
            else rules.match_field is null
        end
    qualify
        row_number() over (
            partition by assignments.assignment_key order by rules.rule_order asc nulls last
        ) = 1
),

turns as (
    select
        assignment_key, source_system, assign_to, assigned_at,
        row_number() over (
            partition by source_system, rule_id
            order by assigned_at asc nulls last, assignment_key asc nulls last
        ) as turn
    from matched
    where rule_kind = 'round_robin' and not is_source_assigned
),

members as (
    select
        turns.assignment_key,
        turns.turn,
        users.user_id,
        row_number() over (partition by turns.assignment_key order by users.user_id asc nulls last) as member_number,
        count(*) over (partition by turns.assignment_key) as n_members
    from turns
    inner join users
        on
            turns.source_system = users.source_system
            and turns.assign_to = users.team_id
            and turns.assigned_at >= users.valid_from
            and turns.assigned_at < coalesce(users.valid_to, timestamp '9999-12-31 00:00:00')
),

whose_turn as (
    select assignment_key, user_id from members where member_number = 1 + (turn - 1) % n_members
)

select
    matched.assignment_key,
    matched.rule_id,
    matched.rule_kind,
    matched.rule_version,
    case when matched.rule_kind = 'user' then matched.assign_to else whose_turn.user_id end as expected_user_id,
    case when matched.rule_kind in ('team', 'capacity', 'round_robin') then matched.assign_to end as expected_team_id,
    case when matched.rule_kind = 'role' then matched.assign_to end as expected_role,
    coalesce(
        case matched.rule_kind
            when 'user' then matched.user_id = matched.assign_to
            when 'round_robin' then matched.user_id = whose_turn.user_id
            when 'team' then matched.team_id = matched.assign_to
            when 'role' then lower(matched.role) = lower(matched.assign_to)
            when 'capacity'
                then
                    matched.team_id = matched.assign_to
                    and matched.number_of_day <= coalesce(matched.daily_capacity, matched.number_of_day)
        end,
        false
    ) as is_as_expected
from matched
left join whose_turn on matched.assignment_key = whose_turn.assignment_key
