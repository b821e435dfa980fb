-- P(second > first) for independent Beta(a1, b1) and Beta(a2, b2) with whole a1 and a2:
-- the sum over i < a2 of B(a1 + i, b1 + b2) / ((b2 + i) B(1 + i, b2) B(a1, b1)).
-- The first term is a product over j < a1, the others follow by their ratio to the one before;
-- as sums of logarithms, for no factorial is near. Miller (2015), Formulas for Bayesian A/B testing.
CREATE FUNCTION stat_beta_exceeds AS (a1, b1, a2, b2) ->
    arraySum(
        (log_ratio, log_first) -> exp(log_first + log_ratio),
        arrayCumSum(
            arrayMap(
                i -> if(i = 0, 0., log((a1 + i - 1) / i * ((b2 + i - 1) / (a1 + b1 + b2 + i - 1)))),
                range(toUInt32(a2))
            )
        ),
        arrayResize(
            emptyArrayFloat64(),
            toUInt32(a2),
            arrayReduce('sumKahan', arrayMap(j -> log1p(-b2 / (b1 + b2 + j)), range(toUInt32(a1))))
        )
    )
