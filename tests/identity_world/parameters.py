"""How large a world is and how often each kind of noise occurs in it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Parameters:
    """Sizes, and rates in 0..1 of the records (or people) that could show the noise."""

    persons: int = 45_000
    companies: int = 5_000
    seed: int = 11
    language: str = "zh"

    # people
    extra_engagements: float = 0.6  # engagements beyond the first, on average (heavy tail)
    job_change: float = 0.10
    second_mobile: float = 0.12
    number_change: float = 0.03  # a new mobile some day; the old one may be given to somebody else
    recycled: float = 0.5  # of the given-up numbers
    secretary: float = 0.015  # people whose mobile on record is their secretary's
    corporate_mail: float = 0.8  # where the company has a domain at all
    private_mail: float = 0.65
    unionid_known: float = 0.45

    # companies
    own_domain: float = 0.72
    second_domain: float = 0.06
    in_group: float = 0.12  # companies that are subsidiaries of another one
    group_domain: float = 0.6  # subsidiaries that use the parent's mail domain
    branches: float = 0.12  # companies with branches

    # what is typed
    no_email: float = 0.30
    no_phone: float = 0.16
    no_name: float = 0.05
    no_company: float = 0.16
    junk_phone: float = 0.02
    junk_email: float = 0.012
    junk_company: float = 0.02
    role_mailbox: float = 0.03
    switchboard: float = 0.06  # fixed line in the phone field
    switchboard_as_mobile: float = 0.025
    colleague_phone: float = 0.015
    colleague_email: float = 0.006
    rep_phone: float = 0.012  # the sales representative's own mobile, on leads typed by sales
    phone_typo: float = 0.012
    email_typo: float = 0.02
    name_typo: float = 0.015
    company_typo: float = 0.015
    odd_phone_spelling: float = 0.25
    odd_email_spelling: float = 0.12
    honorific: float = 0.05  # four times that on leads typed by agents and sales
    romanised: float = 0.03
    nickname: float = 0.03
    given_name_only: float = 0.015
    traditional: float = 0.012
    short_company: float = 0.11
    loose_company: float = 0.06  # without the city, or with another legal form
    company_spelling: float = 0.15
    branch_named: float = 0.10  # of the companies with branches
    stale_job: float = 0.10  # after a change of job: the old company or mailbox is still given

    # devices
    tablets: float = 60 / 45_000  # per person in the world
    tablet_form: float = 0.25  # of the forms
    tablet_phone: float = 0.10  # of the tablet's forms: the desk's own number was filled in
    forwarded_link: float = 0.02  # the cookie is another person's
    no_cookie: float = 0.12

    # somebody else registers for the client, with his or her own address and number
    on_behalf: float = 0.004
    agents: float = 0.002  # people who do that, per person

    # the CRM
    second_system: float = 0.28
    converted: float = 0.22
    contact_reused: float = 0.85
    wrong_contact: float = 0.008
    merged: float = 0.30  # of the repeated leads in one system
    wrong_merge: float = 0.01
    deleted_loser: float = 0.3
    corrected: float = 0.03
    late: float = 0.04
    repeated_row: float = 0.01
    account_duplicate: float = 0.12
    credit_code: float = 0.55
    wrong_credit_code: float = 0.01


#: Worlds that differ from the main one in what the design notes did not foresee.
WORLDS = {
    "leads": Parameters(),
    # No Chinese anywhere: names change by marriage and nickname, numbers are written nationally.
    "english": Parameters(
        persons=4_000, companies=600, seed=21, language="en", unionid_known=0.0, honorific=0.02,
        nickname=0.12, job_change=0.15, traditional=0.0,
    ),
    # Call-centre typists in a hurry: every fifth value is damaged.
    "typos": Parameters(
        persons=4_000, companies=500, seed=31, phone_typo=0.08, email_typo=0.12, name_typo=0.12,
        company_typo=0.12, odd_phone_spelling=0.6, odd_email_spelling=0.4, company_spelling=0.4,
        no_email=0.4, no_name=0.12,
    ),
    # A small firm whose customers are registered by agencies and consultants.
    "agencies": Parameters(
        persons=1_500, companies=220, seed=41, on_behalf=0.30, agents=0.02, colleague_phone=0.06,
        colleague_email=0.04, role_mailbox=0.08, job_change=0.2,
    ),
    # Trade fairs all year: most forms come from desks that share cookie and number.
    "kiosks": Parameters(
        persons=4_000, companies=500, seed=51, tablets=12 / 4_000, tablet_form=0.65,
        tablet_phone=0.35, forwarded_link=0.06, no_name=0.15,
    ),
}  # fmt: skip


def world(name: str, **changes: int) -> Parameters:
    """Parameters of a named world with some of them changed."""
    return replace(WORLDS[name], **changes)
