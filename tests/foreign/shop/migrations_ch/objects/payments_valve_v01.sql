CREATE TABLE payments_valve
(
    message String
)
ENGINE = Null
