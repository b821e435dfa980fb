-- p-values adjusted for the false discovery rate, in the order given: the running minimum from
-- the largest down of m / i p(i), at most 1. NaN stays NaN and does not count into m.
-- Benjamini and Hochberg (1995), Controlling the false discovery rate.
CREATE FUNCTION stat_benjamini_hochberg AS (ps) ->
    arrayMap(
        (given, sorted) -> arrayMap(
            p -> if(
                isNaN(p),
                nan,
                arrayMin(
                    i -> least(1., sorted[i] * length(sorted) / i),
                    range(indexOf(sorted, p), length(sorted) + 1)
                )
            ),
            given
        ),
        [stat_probabilities(ps)],
        [arraySort(arrayFilter(p -> NOT isNaN(p), stat_probabilities(ps)))]
    )[1]
