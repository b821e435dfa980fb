-- p-values adjusted for their number, family-wise, in the order given: the running maximum of
-- (m - i + 1) p(i) over the sorted ones, at most 1. NaN stays NaN and does not count into m.
-- Holm (1979), A simple sequentially rejective multiple test procedure.
CREATE FUNCTION stat_holm AS (ps) ->
    arrayMap(
        (given, sorted) -> stat_in_given_order(
            arrayFold(
                (running, p, left) -> arrayPushBack(running, greatest(running[-1], least(1., p * left))),
                sorted,
                arrayReverse(arrayEnumerate(sorted)),
                emptyArrayFloat64()
            ),
            given
        ),
        [stat_probabilities(ps)],
        [arraySort(arrayFilter(p -> NOT isNaN(p), stat_probabilities(ps)))]
    )[1]
