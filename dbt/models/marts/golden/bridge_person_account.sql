select
    person_key,
    account_key,
    valid_from,
    valid_to,
    buying_role,
    role_confidence,
    title_record_key,
    basis_of_period,
    is_interleaved,
    is_main,
    is_current
from {{ ref('int_golden__person_accounts') }}
