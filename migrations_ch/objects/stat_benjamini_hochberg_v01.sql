-- p-values adjusted for the false discovery rate, in the order given: the running minimum from
-- the largest down of m / i p(i), at most 1. NaN stays NaN and does not count into m.
-- Benjamini and Hochberg (1995), Controlling the false discovery rate.
CREATE FUNCTION stat_benjamini_hochberg AS (ps) ->
    arrayMap(
        (given, sorted) -> stat_in_given_order(
            arrayPopBack(arrayFold(
                (running, p, i) -> arrayPushFront(running, least(running[1], p * length(sorted) / i)),
                arrayReverse(sorted),
                arrayReverse(arrayEnumerate(sorted)),
                [1.]
            )),
            given
        ),
        [stat_probabilities(ps)],
        [arraySort(arrayFilter(p -> NOT isNaN(p), stat_probabilities(ps)))]
    )[1]
