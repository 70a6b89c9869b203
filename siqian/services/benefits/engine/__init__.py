"""The meaning of policies, free of Django: read a policy, judge a person, say why, judge millions in columns.

`form` reads the outside form with every fault and its place; `kleene` holds what unknown means; `reference` judges one person and
is the meaning; `saying` puts conditions and verdicts into sentences; `plan` compiles many policies into one program over bit sets,
`numpy_run` and `numba_run` carry it out; `sql` writes the same as SQL, as a cross-check; `stream` matches whole files.
"""
