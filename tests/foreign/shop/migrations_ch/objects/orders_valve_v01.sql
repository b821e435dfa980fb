CREATE TABLE orders_valve
(
    message String
)
ENGINE = Null
