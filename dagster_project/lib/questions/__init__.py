"""What the manager questions need and SQL does not do: bootstrap, models, linear solves.

Belongs here: estimators on arrays, and the tables between them and dbt's Python models. Does not
belong here: whom a question is about and how the answer reads (dbt/models/*/questions).
"""
