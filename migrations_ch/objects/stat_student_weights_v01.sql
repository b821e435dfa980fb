-- The weight of each node r: the step, dr / dv, and (1 + r)^(-(df + 1) / 2).
CREATE FUNCTION stat_student_weights AS (nodes, df) ->
    arrayMap(
        (r, v) -> (exp(v) + exp(-v)) / 12 * sqrt(r) * exp(-(df + 1) / 2 * log1p(r)),
        nodes,
        arrayMap(k -> (k - 89) / 24, range(179))
    )
