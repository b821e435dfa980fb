-- (users, share) of each variant with a weight above 0, share = weight / sum of weights; all NaN
-- where a number is missing, negative or infinite.
CREATE FUNCTION stat_allocation AS (users, weights) ->
    arrayMap(
        variants -> arrayMap(
            v -> (
                if(v.1 >= 0 AND isFinite(v.1), v.1, nan),
                v.2 / arraySum(other -> other.2, variants)
            ),
            variants
        ),
        [arrayFilter(v -> NOT v.2 <= 0, stat_pairs(users, weights))]
    )[1]
