"""The learned score beside the rule score (E08, definitions D8): from the warehouse to a candidate.

    dataset     what may be learned from, and the refusal of what was not known then
    splits      train < calibration < test in time, with an embargo, persons never in two blocks
    logistic    non-negative logistic regression, Platt's calibration
    metrics     how good a score is
    bootstrap   how sure that is
    points      what the coefficients would be as points of the 100-point card
    training    all of it, from a dataset to a candidate
    store       a candidate's folder below LEADHOUSE_HOME, and its rows
    retraining  warehouse to candidate's folder in one step
    promotion   from a candidate's rows to seeds/rules, when the numbers allow it

Scoring is no part of this: SQL does it from the coefficients (marts.fct_lead_score_learned).
"""
