"""Golden values, employments, roles and permissions against a brute force over the same evidence.

The oracles read the rules from the seed files and the evidence from the warehouse; they share no
code with the models and do everything by loops.
"""

import csv
import hashlib
import random
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime

import pytest

from tests.pipeline.warehouse import ROOT, Warehouse

RULES = ROOT / "seeds" / "rules"
EPOCH = datetime(1970, 1, 1)
STRICTNESS = {"granted": 1, "no_grant": 2, "denied": 3}


def rules(name: str) -> list[dict[str, str]]:
    """Rows of a rule seed that are still in force."""
    with (RULES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not row["valid_to"]]


def test_golden_values_are_those_of_a_brute_force(demonstration: Warehouse) -> None:
    """Winner, trust, strategy and conflict of every entity and attribute."""
    trust, strategy, single = {}, {}, {}
    for row in rules("survivorship"):
        key = row["entity"], row["attribute"]
        trust[*key, row["record_type"]] = int(row["trust"])
        if row["record_type"] == "*":
            strategy[key], single[key] = row["strategy"], row["is_single_valued"] == "true"
    groups, offered = defaultdict(list), defaultdict(set)
    for row in demonstration.rows(
        """
        select entity, entity_key, attribute, attribute_value, value_key, completeness, record_key,
            record_type, observed_at
        from intermediate.int_golden__attribute_candidates
        """
    ):
        groups[row[:3]].append(row[3:])
        offered[row[0], row[1], row[6]].add(row[2])
    expected = {}
    for (entity, key, attribute), candidates in groups.items():
        trusts = {
            kind: trust.get((entity, attribute, kind), trust[entity, attribute, "*"])
            for *_, kind, _ in candidates
        }
        records = defaultdict(set)
        for _, value_key, _, record, *_ in candidates:
            records[value_key].add(record)
        best = None
        for value, value_key, completeness, record, kind, at in candidates:
            score = {
                "most_trusted": trusts[kind],
                "most_recent": (at - EPOCH).total_seconds(),
                "most_complete": len(offered[entity, key, record]),
                "longest": len(value),
                "most_frequent": len(records[value_key]),
                "any_true": value_key == "true",
            }[strategy[entity, attribute]]
            place = (-completeness, -score, -trusts[kind], EPOCH - at, record, value)
            if best is None or place < best[0]:
                best = (place, value, value_key, completeness, record, trusts[kind])
        _, value, _, completeness, record, its_trust = best
        rivals = {c[1] for c in candidates if c[2] == completeness}
        expected[entity, key, attribute] = (
            value, record, its_trust, strategy[entity, attribute],
            len(records), single[entity, attribute] and len(rivals) > 1,
        )  # fmt: skip
    actual = {
        row[:3]: row[3:]
        for row in demonstration.rows(
            """
            select golden.entity, golden.entity_key, golden.attribute, provenance.attribute_value,
                golden.record_key, golden.trust, golden.strategy, golden.n_values,
                golden.is_conflict
            from marts.fct_golden_provenance as golden
            inner join intermediate.int_golden__attribute_provenance as provenance
                using (entity, entity_key, attribute)
            """
        )
    }
    assert len(expected) > 20_000
    assert {attribute for _, _, attribute in expected} >= {"full_name", "email", "mobile", "domain"}
    assert actual == expected


def test_every_name_of_a_person_is_a_candidate(demonstration: Warehouse) -> None:
    """Nothing a record says of a person is lost on the way to the choice."""
    said = demonstration.rows(
        """
        select distinct records.record_key
        from intermediate.int_identity__records as records
        inner join intermediate.int_identity__person_records using (record_key)
        inner join intermediate.int_identifiers__names on full_name = raw_name
        where name_kind <> 'none'
        """
    )
    offered = demonstration.rows(
        """
        select distinct record_key from intermediate.int_golden__attribute_candidates
        where entity = 'person' and attribute = 'full_name'
        """
    )
    assert len(said) > 5_000
    assert set(offered) == set(said)


def test_employments_are_those_of_a_walk_through_time(demonstration: Warehouse) -> None:
    """C07: which accounts a person has at random instants, and in which role."""
    said, roles = defaultdict(list), defaultdict(list)
    for person, account, at in demonstration.rows(
        "select person_key, account_key, stated_at from intermediate.int_golden__company_statements"
    ):
        said[person].append((at, account))
    for person, account, at, role in demonstration.rows(
        """
        select person_key, account_key, stated_at, buying_role
        from intermediate.int_golden__role_statements
        """
    ):
        roles[person, account].append((at, role))
    for statements in roles.values():
        statements.sort()
    periods = defaultdict(list)
    for person, *period in demonstration.rows(
        """
        select person_key, account_key, valid_from, valid_to, buying_role
        from marts.bridge_person_account
        """
    ):
        periods[person].append(period)
    assert periods.keys() == said.keys()
    dice, n_movers = random.Random(7), 0
    for person, statements in said.items():
        instants = sorted({at for at, _ in statements})
        n_movers += len({account for _, account in statements}) > 1
        probes = [*instants, *(at for at, _ in roles.get((person, statements[0][1]), []))]
        probes += [dice.choice(instants) + (instants[-1] - instants[0]) * dice.random()]
        for probe in probes:
            expected = {}
            for account in {account for at, account in statements if at <= probe}:
                last = max(at for at, name in statements if name == account)
                if any(last < at <= probe for at in instants):
                    continue
                known = roles.get((person, account), [])
                place = bisect_right(known, probe, key=lambda statement: statement[0])
                expected[account] = known[place - 1][1] if place else None
            found = {
                account: role
                for account, valid_from, valid_to, role in periods[person]
                if valid_from <= probe and (valid_to is None or probe < valid_to)
            }
            assert found == expected, (person, probe)
    assert n_movers > 50


def test_permissions_are_the_strictest_of_the_last_words(demonstration: Warehouse) -> None:
    """D14: consents of the demonstration replayed one by one, per e-mail and mobile."""
    holders = defaultdict(set)
    for identifier_key, person in demonstration.rows(
        """
        select distinct edges.identifier_key, bridge.person_key
        from marts.fct_identity_edge as edges
        inner join marts.bridge_identity as bridge using (record_key)
        where edges.entity = 'person' and edges.refused_because is null
            and edges.valid_to is null and bridge.valid_to is null
        """
    ):
        holders[identifier_key].add(person)
    spellings = {
        (kind, raw): value
        for kind, raw, value in demonstration.rows(
            """
            select 'email', raw_email, canonical_email from intermediate.int_identifiers__emails
            union all
            select 'mobile', raw_phone, e164 from intermediate.int_identifiers__phones
            """
        )
    }
    words: dict[tuple, list[str]] = defaultdict(list)
    n_read = 0
    for kind, raw, channel, purpose, action, box in demonstration.rows(
        """
        select subject_key_type, subject_key, channel, purpose, action, default_state
        from staging.stg_compliance__consent_events
        where not _is_deleted qualify row_number() over (
            partition by consent_id order by _extracted_at desc
        ) = 1
        order by occurred_at, consent_id
        """
    ):
        canonical = spellings.get((kind, raw))
        n_read += canonical is not None
        key = hashlib.md5(f"{len(kind)}:{kind}{len(canonical or '')}:{canonical}".encode())
        for person in holders[key.hexdigest()]:
            side = words[person, channel, purpose, key.hexdigest()]
            if box != "checked":
                side.append({"grant": "granted", "withdraw": "denied"}[action])
    assert n_read > 2_000
    sides = defaultdict(list)
    for (person, channel, purpose, _), said in words.items():
        sides[person, channel, purpose].append(said[-1] if said else "no_grant")
    for person, _ in demonstration.rows(
        """
        select distinct person_key, record_key from intermediate.int_identity__person_records
        inner join staging.stg_crm__leads on record_id = lead_id
        where record_type = 'crm_lead' and do_not_call
        """
    ):
        sides[person, "phone", "marketing"].append("denied")
    actual = {
        row[:3]: row[3]
        for row in demonstration.rows(
            """
            select person_key, channel, purpose, decision
            from intermediate.int_golden__permissions
            """
        )
    }
    assert len(actual) > 1_500
    assert actual == {key: max(said, key=STRICTNESS.get) for key, said in sides.items()}
    conflicts = demonstration.rows(
        "select person_key, channel, purpose from marts.fct_permission_conflict"
    )
    assert set(conflicts) == {key for key, said in sides.items() if len(set(said)) > 1}


def _contact(contact_id: str, company: str, account_id: str, **more: str) -> dict[str, str]:
    return {
        "contact_id": contact_id, "created_at": "2026-01-10 09:00:00", "company_name": company,
        "account_id": account_id, **more,
    }  # fmt: skip


def _consent(consent_id: str, kind: str, subject: str, action: str, **more: str) -> dict[str, str]:
    return {
        "consent_id": consent_id, "subject_key_type": kind, "subject_key": subject,
        "channel": "email", "purpose": "marketing", "action": action,
        "occurred_at": "2026-01-12 09:00:00", "default_state": "unchecked", **more,
    }  # fmt: skip


MOBILE = "13700112233"
WANG = {"mobile_phone": MOBILE, "status": "New", "company_name": "甲乙科技有限公司"}
SMALL = {
    ("crm_leads", "2026-02-28"): [
        {**WANG, "lead_id": "L1", "created_at": "2026-01-05 10:00:00", "full_name": "王伟",
         "email": "wang.wei@jiayi-tech.cn", "title": "经理"},
        {**WANG, "lead_id": "L2", "created_at": "2026-01-20 10:00:00", "full_name": "王总",
         "email": "ww@163.com", "title": "总监", "do_not_call": "true"},
    ],
    ("crm_accounts", "2026-02-28"): [
        {"account_id": "A1", "name": "甲乙科技有限公司", "parent_id": "A3",
         "created_at": "2026-01-01 00:00:00"},
        {"account_id": "A2", "name": "丙丁贸易有限公司", "created_at": "2026-01-01 00:00:00"},
        {"account_id": "A3", "name": "甲乙集团有限公司", "created_at": "2026-01-01 00:00:00"},
    ],
    ("crm_contacts", "2026-02-28"): [
        _contact("K1", "甲乙科技有限公司", "A1", full_name="李明", mobile_phone="13700112244",
                 title="采购经理"),
    ],
    ("crm_contacts", "2026-03-31"): [
        _contact("K1", "丙丁贸易有限公司", "A2", full_name="李明", mobile_phone="13700112244",
                 title="总经理"),
    ],
    ("consent_events", "2026-02-28"): [
        _consent("c1", "email", "Wang.Wei@jiayi-tech.cn", "grant"),
        _consent("c2", "email", "ww@163.com", "withdraw"),
        _consent("c3", "mobile", f"+86 {MOBILE}", "grant", channel="sms"),
        _consent("c4", "lead_id", "L1", "grant", channel="wecom", default_state="checked"),
        _consent("c5", "contact_id", "K1", "withdraw", channel="all", purpose="all"),
    ],
    ("suppression_lists", "2026-02-28"): [
        {"list": "DNCL", "identifier_type": "mobile", "valid_from": "2026-01-01 00:00:00",
         "identifier_hash": hashlib.sha256(MOBILE.encode()).hexdigest()},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Two people of two companies."""
    folder = tmp_path_factory.mktemp("small")
    for (table, day), rows in SMALL.items():
        target = folder / "extracts" / table / f"extract_date={day}"
        target.mkdir(parents=True)
        names = list(dict.fromkeys(name for row in rows for name in row))
        with (target / "part.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, names, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return Warehouse(folder / "home", folder / "extracts").build()


PERSONS = """
with persons as (
    select person_key, min(record_id) as person from marts.bridge_identity
    where valid_to is null and record_type in ('crm_lead', 'crm_contact') group by person_key
), accounts as (
    select account_key, crm_account_id as account from marts.dim_account
)
"""


def test_a_form_of_address_is_no_golden_name(small: Warehouse) -> None:
    """王总 is newer and says less than 王伟; the newer title and mailbox do win."""
    assert small.rows(
        PERSONS
        + """
        select person, full_name, title, email, mobile, do_not_call
        from intermediate.int_golden__persons inner join persons using (person_key) order by 1
        """
    ) == [
        ("K1", "李明", "总经理", None, "+8613700112244", False),
        ("L1", "王伟", "总监", "ww@163.com", f"+86{MOBILE}", True),
    ]


def test_a_job_change_is_two_periods_with_their_roles(small: Warehouse) -> None:
    """C07: the change is dated by the delivery, the CRM gives no better date."""
    assert small.rows(
        PERSONS
        + """
        select person, account, valid_from, valid_to, buying_role, basis_of_period, is_main
        from marts.bridge_person_account inner join persons using (person_key)
        inner join accounts using (account_key) order by 1, valid_from
        """
    ) == [
        ("K1", "A1", datetime(2026, 1, 10, 1), datetime(2026, 3, 31, 15, 59, 59), "buyer",
         "occurred", False),
        ("K1", "A2", datetime(2026, 3, 31, 15, 59, 59), None, "decision_maker", "delivered", True),
        ("L1", "A1", datetime(2026, 1, 5, 2), datetime(2026, 1, 20, 2), "influencer",
         "occurred", False),
        ("L1", "A1", datetime(2026, 1, 20, 2), None, "decision_maker", "occurred", True),
    ]  # fmt: skip


def test_a_parent_is_linked_and_not_merged(small: Warehouse) -> None:
    """C06."""
    assert small.rows(
        """
        select children.crm_account_id, parents.crm_account_id, parents.n_children
        from marts.dim_account as children
        inner join marts.dim_account as parents
            on children.parent_account_key = parents.account_key
        """
    ) == [("A1", "A3", 1)]


def test_on_a_merge_the_strictest_permission_wins_and_the_conflict_is_told(
    small: Warehouse,
) -> None:
    """D14: one mailbox granted, the other withdrew; a listed mobile may grant what it likes."""
    permissions = small.rows(
        PERSONS
        + """
        select person, channel, purpose, decision, evidence_kind, n_sides
        from intermediate.int_golden__permissions inner join persons using (person_key)
        where purpose = 'marketing' order by 1, 2
        """
    )
    assert permissions == [
        ("K1", "email", "marketing", "denied", "consent", 1),
        ("K1", "phone", "marketing", "denied", "consent", 1),
        ("K1", "sms", "marketing", "denied", "consent", 1),
        ("K1", "wecom", "marketing", "denied", "consent", 1),
        ("L1", "email", "marketing", "denied", "consent", 2),
        ("L1", "phone", "marketing", "denied", "crm_flag", 2),
        ("L1", "sms", "marketing", "denied", "suppression", 1),
        ("L1", "wecom", "marketing", "no_grant", "consent", 1),
    ]
    assert small.rows(
        PERSONS
        + """
        select person, channel, strictest_decision, strictest_evidence_id, loosest_decision,
            loosest_evidence_id
        from marts.fct_permission_conflict inner join persons using (person_key)
        """
    ) == [("L1", "email", "denied", "c2", "granted", "c1")]
