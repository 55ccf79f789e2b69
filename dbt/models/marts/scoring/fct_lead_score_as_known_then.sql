-- The score at any instant from what we knew then.
{{ banded_scores(ref('int_scoring__intervals_then')) }}
