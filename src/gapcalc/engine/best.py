"""The best link of a domain decides: the SQL that every count begins with."""

KEPT = 1 << 30
"""Stands above every rule's bit: the best link of the domain passes all rules; one more when it
is followed, too."""

BEST = f"max(case when failed = 0 then {KEPT} + followed::integer else failed & -failed end)"
"""The bit of the rule that the best of some links fails; NULL where none of them is live."""

JUDGED = """judged as (
    select *, lost and not internal as gone,
        case when not lost and not internal then mask & $rules end as failed
    from link
)"""
"""The links under the rules of the mask $rules: `failed` is NULL for those set aside."""
