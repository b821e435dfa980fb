-- I(y) = integral of (1 + r)^(-(df + 1) / 2) (y + r)^(-1/2) over r > 0; it varies slowly with y.
CREATE FUNCTION stat_student_integral AS (y, nodes, weights) ->
    arraySum((r, weight) -> weight * sqrt(r / (y + r)), nodes, weights)
