-- x ln(x / expected) - (x - expected) >= 0, without the cancellation that it suffers near x.
-- Loader (2000), Fast and accurate computation of binomial probabilities.
CREATE FUNCTION stat_deviance AS (x, expected) ->
    x * if(abs(expected - x) < x / 2, -log1p((expected - x) / x), log(x / expected))
    + (expected - x)
