"""A made-up world of leads with known truth, to measure how well records are joined to people.

It shares no code and no rule table with the product: whoever measures must not look through the
glasses of what is measured. `python -m tests.identity_world --out DIR` writes extracts as the
contract declares them, and the truth beside them.

    parameters   how large the world is and how often each kind of noise occurs
    words        names, company words, mail domains (Chinese and English)
    chinese, english   how people, companies and numbers are named and written there
    population   companies, people, their jobs, numbers, addresses and devices
    entry        what a person (or somebody for him) writes into a form, noise included
    channels     the records that come of it, channel by channel
    crm          what sales makes of the leads: contacts, accounts, merges, corrections
    files        extracts by delivery, and the truth
    metrics      how well a partition of the records meets the truth
    keys         what exact keys can and cannot find: the oracle and the naive graphs
"""
