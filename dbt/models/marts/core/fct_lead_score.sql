-- The score at any instant from what we know now.
{{ banded_scores(ref('int_scoring__intervals')) }}
