-- P(|T| >= |t|) from nodes and weights for df.
CREATE FUNCTION stat_student_tail AS (t, df, nodes, weights) ->
    exp(stat_student_log_tail(abs(t) / sqrt(df), df, nodes, weights))
