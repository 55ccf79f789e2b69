"""The restatement ledger (D13): why a published figure of a closed month is another one now.

`explain.explain` is the whole interface of the step before publication; publishing.py reads
`inputs` and `ledger` to keep what the next explanation starts from.
"""
