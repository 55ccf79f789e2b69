"""How sure the credit of chains and games is: the estimators again, over many worlds at once.

Belongs here: arithmetic on counts. Does not belong here: the credit itself and what it is made of
(dbt/models/intermediate/attribution); a test holds the two together.
"""
